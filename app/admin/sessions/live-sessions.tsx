import { MonitorSmartphone } from "lucide-react";
import { Alert } from "@/app/_ui/alert";
import { ButtonLink } from "@/app/_ui/button";
import { Card, CardFooter } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty";
import { Pager } from "@/app/_ui/pager";
import { ForceLogoutMatching } from "@/app/admin/_sessions/force-logout-matching";
import { SessionTable } from "@/app/admin/_sessions/session-table";
import { listDevices } from "@/lib/admin/devices";
import { listEndedSessions } from "@/lib/admin/ended-sessions";
import { countSessions, listSessions, sessionFilterSchema } from "@/lib/admin/sessions";
import { pageAt } from "@/lib/list/cursor";
import { type Query, readFilter } from "@/lib/list/filter";
import type { Session } from "@/lib/session/lookup";
import { SessionFilters } from "./session-filters";

const COUNTED_SESSIONS_LIMIT = 1_000;

type Props = { query: Query; cursor: string | undefined; viewer: Session };

/** The newest session first. */
export async function LiveSessions({ query, cursor, viewer }: Props) {
	const { filter, refusal } = readFilter(sessionFilterSchema, query);
	const [page, counted, devices, justEnded] = await Promise.all([
		pageAt(listSessions, filter, refusal ? undefined : cursor),
		countSessions(filter, COUNTED_SESSIONS_LIMIT),
		listDevices(),
		listEndedSessions({ endedById: viewer.user.id }),
	]);
	const problem = refusal ?? page.refusal;
	const filtered = Object.keys(filter).length > 0;
	const matching = { filter, ...counted };
	const address = (cursor: string | null) =>
		cursor === null ? undefined : `/admin/sessions?${new URLSearchParams({ ...filter, cursor })}`;
	return (
		<>
			<SessionFilters query={query} errors={refusal?.fields} devices={devices} />
			{problem && (
				<Alert tone="error" className="mb-4">
					{problem.message}
				</Alert>
			)}
			<Card>
				{page.rows.length === 0 ? (
					<EmptyState
						icon={<MonitorSmartphone />}
						title="No session matches"
						text="Nobody is signed in like that right now."
						action={<ButtonLink href="/admin/sessions">Show all sessions</ButtonLink>}
					/>
				) : (
					<SessionTable
						sessions={page.rows}
						viewer={{ ...viewer.user, sessionId: viewer.id }}
						matching={matching}
						justEnded={justEnded.rows}
					/>
				)}
				<CardFooter>
					<Pager
						previousHref={address(page.previous)}
						nextHref={address(page.next)}
						summary={
							<span className="flex flex-wrap items-center gap-3">
								{sessions(counted)}
								{filtered && counted.count > 0 && <ForceLogoutMatching matching={matching} />}
							</span>
						}
					/>
				</CardFooter>
			</Card>
		</>
	);
}

function sessions({ count, orMore }: { count: number; orMore: boolean }): string {
	return `${count.toLocaleString("en")}${orMore ? "+" : ""} ${count === 1 ? "session" : "sessions"}`;
}
