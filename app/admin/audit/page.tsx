/** The audit log: everything that anyone did, filtered, page by page, and as a file to take away. */
import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { Alert } from "@/app/_ui/alert";
import { ButtonLink } from "@/app/_ui/button";
import { Card, CardFooter } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty";
import { KeepCurrent } from "@/app/_ui/keep-current";
import { PageHeader } from "@/app/_ui/page-header";
import { Pager } from "@/app/_ui/pager";
import { AuditTable } from "@/app/admin/_audit/audit-table";
import { type AuditFilter, auditFilterSchema, listAuditEvents } from "@/lib/audit/list";
import { pageAt } from "@/lib/list/cursor";
import { readFilter } from "@/lib/list/filter";
import { allows } from "@/lib/permissions/matrix";
import { requirePage } from "@/lib/session/current";
import { AuditFilters } from "./audit-filters";
import { ExportButton } from "./export-button";

export const metadata: Metadata = { title: "Audit log" };

export default async function AuditPage({ searchParams }: PageProps<"/admin/audit">) {
	const { user } = await requirePage("audit.view", "/admin/audit");
	const { cursor, ...query } = await searchParams;
	const { filter, refusal } = readFilter(auditFilterSchema, query);
	const page = await pageAt(listAuditEvents, filter, refusal ? undefined : cursor?.toString());
	const problem = refusal ?? page.refusal;
	const address = (cursor: string | null) =>
		cursor === null ? undefined : `/admin/audit?${new URLSearchParams({ ...filter, cursor })}`;
	return (
		<>
			<KeepCurrent />
			<PageHeader
				title="Audit log"
				description="Who did what, on whom and from where. Nothing in it can be changed or removed."
				actions={!refusal && allows(user.role, "audit.export") && <ExportButton href={exportPath(filter)} />}
			/>
			<AuditFilters query={query} errors={refusal?.fields} events={page.rows} />
			{problem && (
				<Alert tone="error" className="mb-4">
					{problem.message}
				</Alert>
			)}
			<Card data-hold-still>
				{page.rows.length === 0 ? (
					<EmptyState
						icon={<ScrollText />}
						title="No such event"
						text="Nothing of this kind was recorded. Ask for less, or for more days."
						action={<ButtonLink href="/admin/audit">Show everything</ButtonLink>}
					/>
				) : (
					<AuditTable events={page.rows} />
				)}
				<CardFooter>
					<Pager previousHref={address(page.previous)} nextHref={address(page.next)} summary="Newest first" />
				</CardFooter>
			</Card>
		</>
	);
}

function exportPath(filter: AuditFilter): string {
	return `/admin/audit/export?${new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]))}`;
}
