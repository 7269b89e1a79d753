import { Field } from "@/app/_ui/field";
import { FilterBar } from "@/app/_ui/filter-bar";
import { Select } from "@/app/_ui/select";
import { auditChoices } from "@/lib/audit/actions";
import type { AuditEvent } from "@/lib/audit/list";
import { namesOf, sayChoice } from "@/lib/audit/words";
import type { Query } from "@/lib/list/filter";

const choices = [
	{ value: "", label: "Anything" },
	...auditChoices.map((choice) => ({ value: choice, label: sayChoice(choice) })),
];

/** All filters, and the button that clears them, fit into one row on a laptop. */
const narrow = "sm:w-33 sm:min-w-0";

type Props = { query: Query; errors?: Record<string, string[]>; events: AuditEvent[] };

/** What the address says now, to be changed; a field that was refused says why. */
export function AuditFilters({ query, errors = {}, events }: Props) {
	const field = (name: string) => ({ name, defaultValue: query[name]?.toString() ?? "", errors: errors[name] });
	const text = { autoComplete: "off", spellCheck: false };
	const person = query.person?.toString();
	return (
		<FilterBar label="Filter the audit log">
			{person && <PersonChoice id={person} events={events} errors={errors.person} />}
			<Field label="Who" type="search" placeholder="Name or e-mail" className={narrow} {...text} {...field("who")} />
			<Field
				label="On whom"
				type="search"
				placeholder="Name or e-mail"
				className={narrow}
				{...text}
				{...field("whom")}
			/>
			<Select label="What" options={choices} className="sm:w-38" {...field("what")} />
			<Field label="IP address" placeholder="10.0.0.0/8" className={narrow} {...text} {...field("ip")} />
			<Field label="From (UTC)" type="date" className={narrow} {...field("from")} />
			<Field label="To (UTC)" type="date" className={narrow} {...field("to")} />
		</FilterBar>
	);
}

/** One person's whole trail, as the links from their page ask for it. */
function PersonChoice({ id, events, errors }: { id: string; events: AuditEvent[]; errors?: string[] }) {
	const people = events.flatMap(({ actor, actingAs, target }) => [actor, actingAs, target]);
	const person = people.find((person) => person?.id === id);
	return (
		<Select
			label="Person"
			name="person"
			defaultValue={id}
			errors={errors}
			options={[
				{ value: "", label: "Anyone" },
				{ value: id, label: person ? namesOf(person).name : "This person" },
			]}
		/>
	);
}
