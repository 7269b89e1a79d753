/** Everyone who has an account: search, filters, and pages that stay quick however many people there are. */
import { UserSearch } from "lucide-react";
import type { Metadata } from "next";
import { Alert } from "@/app/_ui/alert";
import { ButtonLink } from "@/app/_ui/button";
import { Card, CardFooter } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty";
import { KeepCurrent } from "@/app/_ui/keep-current";
import { PageHeader } from "@/app/_ui/page-header";
import { Pager } from "@/app/_ui/pager";
import { countUsers, listUsers, userFilterSchema } from "@/lib/admin/users";
import { pageAt } from "@/lib/list/cursor";
import { readFilter } from "@/lib/list/filter";
import { requirePage } from "@/lib/session/current";
import { UserFilters } from "./user-filters";
import { UserTable } from "./user-table";

export const metadata: Metadata = { title: "Users" };

const COUNTED_PEOPLE_LIMIT = 10_000;

export default async function UsersPage({ searchParams }: PageProps<"/admin/users">) {
	await requirePage("users.view", "/admin/users");
	const { cursor, ...query } = await searchParams;
	const { filter, refusal } = readFilter(userFilterSchema, query);
	const page = await pageAt(listUsers, filter, refusal ? undefined : cursor?.toString());
	const isAll = page.next === null && page.previous === null;
	const counted = isAll ? { count: page.rows.length, orMore: false } : await countUsers(filter, COUNTED_PEOPLE_LIMIT);
	const problem = refusal ?? page.refusal;
	const address = (cursor: string | null) =>
		cursor === null ? undefined : `/admin/users?${new URLSearchParams({ ...filter, cursor })}`;
	return (
		<>
			<KeepCurrent />
			<PageHeader title="Users" description="Everyone who has an account, and who of them is signed in." />
			<UserFilters query={query} errors={refusal?.fields} />
			{problem && (
				<Alert tone="error" className="mb-4">
					{problem.message}
				</Alert>
			)}
			<Card>
				{page.rows.length === 0 ? (
					<EmptyState
						icon={<UserSearch />}
						title="Nobody matches"
						text="Search for a part of the name or of the e-mail address, or ask for less."
						action={<ButtonLink href="/admin/users">Show everyone</ButtonLink>}
					/>
				) : (
					<UserTable users={page.rows} filter={filter} />
				)}
				<CardFooter>
					<Pager previousHref={address(page.previous)} nextHref={address(page.next)} summary={people(counted)} />
				</CardFooter>
			</Card>
		</>
	);
}

function people({ count, orMore }: { count: number; orMore: boolean }): string {
	return `${count.toLocaleString("en")}${orMore ? "+" : ""} ${count === 1 ? "person" : "people"}`;
}
