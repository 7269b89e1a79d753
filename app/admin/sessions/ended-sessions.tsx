import { History } from "lucide-react";
import { Alert } from "@/app/_ui/alert";
import { ButtonLink } from "@/app/_ui/button";
import { Card, CardFooter } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty";
import { Field } from "@/app/_ui/field";
import { FilterBar } from "@/app/_ui/filter-bar";
import { Pager } from "@/app/_ui/pager";
import { Select } from "@/app/_ui/select";
import { EndedTable } from "@/app/admin/_sessions/ended-table";
import { reasonNames } from "@/app/admin/_sessions/words";
import { endedSessionFilterSchema, endReasons, listEndedSessions } from "@/lib/admin/ended-sessions";
import { pageAt } from "@/lib/list/cursor";
import { type Query, readFilter } from "@/lib/list/filter";

const HOME = "/admin/sessions?view=ended";

type Props = { query: Query; cursor: string | undefined };

/** The latest end first. */
export async function EndedSessions({ query, cursor }: Props) {
	const { filter, refusal } = readFilter(endedSessionFilterSchema, query);
	const page = await pageAt(listEndedSessions, filter, refusal ? undefined : cursor);
	const problem = refusal ?? page.refusal;
	const filtered = Object.keys(filter).length > 0;
	const address = (cursor: string | null) =>
		cursor === null ? undefined : `/admin/sessions?${new URLSearchParams({ view: "ended", ...filter, cursor })}`;
	return (
		<>
			<EndedFilters query={query} errors={refusal?.fields} />
			{problem && (
				<Alert tone="error" className="mb-4">
					{problem.message}
				</Alert>
			)}
			<Card>
				{page.rows.length > 0 ? (
					<EndedTable sessions={page.rows} />
				) : (
					<EmptyState
						icon={<History />}
						title={filtered ? "No session matches" : "No session has ended yet"}
						text="Sessions that ended stay here for 90 days, with why, by whom and whether they were seen again."
						action={filtered && <ButtonLink href={HOME}>Show all</ButtonLink>}
					/>
				)}
				<CardFooter>
					<Pager
						previousHref={address(page.previous)}
						nextHref={address(page.next)}
						summary={page.rows.length > 0 && "The latest end comes first."}
					/>
				</CardFooter>
			</Card>
		</>
	);
}

const reasonOptions = [
	{ value: "", label: "Any" },
	...endReasons.map((reason) => ({ value: reason, label: reasonNames[reason] })),
];

function EndedFilters({ query, errors = {} }: { query: Query; errors?: Record<string, string[]> }) {
	const field = (name: string) => ({ name, defaultValue: query[name]?.toString() ?? "", errors: errors[name] });
	const search = {
		type: "search",
		placeholder: "Name or e-mail",
		className: "sm:w-56 max-sm:col-span-2",
		autoComplete: "off",
		spellCheck: false,
	};
	return (
		<FilterBar label="Filter ended sessions" keep={["view"]}>
			<Field label="Person" {...search} {...field("q")} />
			<Field label="Ended by" {...search} {...field("by")} />
			<Select label="Why" options={reasonOptions} {...field("reason")} />
		</FilterBar>
	);
}
