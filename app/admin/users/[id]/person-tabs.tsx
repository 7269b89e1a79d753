/** Where the person is signed in, where they were, and everything that they did or that was done to them. */
import { MonitorSmartphone, ScrollText } from "lucide-react";
import type { ReactNode } from "react";
import { Alert } from "@/app/_ui/alert";
import { Card, CardFooter } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty";
import { Pager } from "@/app/_ui/pager";
import { LinkTabs } from "@/app/_ui/tabs";
import { AuditTable } from "@/app/admin/_audit/audit-table";
import { EndedTable } from "@/app/admin/_sessions/ended-table";
import { SessionTable } from "@/app/admin/_sessions/session-table";
import { listEndedSessions } from "@/lib/admin/ended-sessions";
import { countSessions, listSessions } from "@/lib/admin/sessions";
import { listAuditEvents } from "@/lib/audit/list";
import { type Page, pageAt } from "@/lib/list/cursor";
import type { Ranked } from "@/lib/permissions/matrix";

type Props = {
	viewer: Ranked & { sessionId: string };
	user: { id: string };
	/** What the address asks for. */
	tab: string | undefined;
	cursor: string | undefined;
};

const COUNTED_SESSIONS_LIMIT = 1_000;

export async function PersonTabs({ viewer, user, tab, cursor }: Props) {
	const path = `/admin/users/${user.id}`;
	const { count } = await countSessions({ userId: user.id }, COUNTED_SESSIONS_LIMIT);
	const tabs = [
		{ label: "Active sessions", href: path, count, current: tab !== "ended" && tab !== "audit" },
		{ label: "Ended sessions", href: `${path}?tab=ended`, current: tab === "ended" },
		{ label: "Audit log", href: `${path}?tab=audit`, current: tab === "audit" },
	];
	const list = { path, cursor };
	return (
		<>
			<LinkTabs label="About this person" tabs={tabs} />
			{tab === "ended" && <Ended userId={user.id} {...list} />}
			{tab === "audit" && <Trail userId={user.id} {...list} />}
			{tab !== "ended" && tab !== "audit" && <Active userId={user.id} viewer={viewer} {...list} />}
		</>
	);
}

type ListProps = { userId: string; path: string; cursor: string | undefined };

async function Active({ userId, viewer, path, cursor }: ListProps & Pick<Props, "viewer">) {
	const page = await pageAt(listSessions, { userId }, cursor);
	return (
		<ListCard
			page={page}
			path={path}
			empty={<EmptyState icon={<MonitorSmartphone />} title="Not signed in anywhere" />}
		>
			<SessionTable sessions={page.rows} viewer={viewer} showPerson={false} />
		</ListCard>
	);
}

async function Ended({ userId, path, cursor }: ListProps) {
	const page = await pageAt(listEndedSessions, { userId }, cursor);
	return (
		<ListCard
			page={page}
			path={path}
			tab="ended"
			empty={<EmptyState icon={<MonitorSmartphone />} title="No session has ended yet" />}
		>
			<EndedTable sessions={page.rows} showPerson={false} />
		</ListCard>
	);
}

async function Trail({ userId, path, cursor }: ListProps) {
	const page = await pageAt(listAuditEvents, { person: userId }, cursor);
	return (
		<ListCard
			page={page}
			path={path}
			tab="audit"
			empty={<EmptyState icon={<ScrollText />} title="Nothing is recorded about them" />}
		>
			<AuditTable events={page.rows} />
		</ListCard>
	);
}

type CardProps = {
	page: Omit<Page<unknown>, "rows"> & { rows: unknown[]; refusal: Error | null };
	path: string;
	tab?: string;
	empty: ReactNode;
	children: ReactNode;
};

/** One page of a list, and the way to its neighbours where there are any. */
function ListCard({ page, path, tab, empty, children }: CardProps) {
	const address = (cursor: string | null) =>
		cursor === null ? undefined : `${path}?${new URLSearchParams({ ...(tab && { tab }), cursor })}`;
	return (
		<>
			{page.refusal && (
				<Alert tone="error" className="mb-4">
					{page.refusal.message}
				</Alert>
			)}
			<Card>
				{page.rows.length === 0 ? empty : children}
				{(page.next || page.previous) && (
					<CardFooter>
						<Pager previousHref={address(page.previous)} nextHref={address(page.next)} summary="Newest first" />
					</CardFooter>
				)}
			</Card>
		</>
	);
}
