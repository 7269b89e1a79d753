import { Field } from "@/app/_ui/field";
import { FilterBar } from "@/app/_ui/filter-bar";
import { Select } from "@/app/_ui/select";
import type { Devices } from "@/lib/admin/devices";
import type { Query } from "@/lib/list/filter";
import { roles } from "@/lib/permissions/matrix";
import { MoreFilters } from "./more-filters";

const any = { value: "", label: "Any" };
const roleOptions = roles.map((role) => ({ value: role, label: role.charAt(0).toUpperCase() + role.slice(1) }));
const unknown = { value: "unknown", label: "Unknown" };

const ages = [
	{ value: "1h", label: "an hour" },
	{ value: "12h", label: "12 hours" },
	{ value: "1d", label: "a day" },
	{ value: "3d", label: "3 days" },
	{ value: "7d", label: "7 days" },
	{ value: "14d", label: "14 days" },
];
const olderThan = ages.map(({ value, label }) => ({ value, label: `Over ${label} ago` }));

const CHOICES = ["role", "browser", "operatingSystem", "olderThan", "lastSeenBefore", "impersonations"];

type Props = { query: Query; errors?: Record<string, string[]>; devices: Devices };

/** What the address says now, to be changed; a field that was refused says why. */
export function SessionFilters({ query, errors = {}, devices }: Props) {
	const shown = (name: string) => query[name]?.toString() ?? "";
	const field = (name: string) => ({ name, defaultValue: shown(name), errors: errors[name] });
	/** A value that is not offered can still be in the address; it is shown as it is. */
	const choice = (name: string, options: { value: string; label: string }[]) => {
		const value = shown(name);
		const all = [any, ...options];
		const known = all.some((option) => option.value === value);
		return { ...field(name), options: known ? all : [...all, { value, label: value }] };
	};
	return (
		<FilterBar label="Filter sessions">
			<Field
				label="Person"
				type="search"
				placeholder="Name or e-mail"
				className="sm:w-56 max-sm:col-span-2"
				autoComplete="off"
				spellCheck={false}
				{...field("q")}
			/>
			<Field
				label="IP address or network"
				placeholder="203.0.113.0/24"
				className="sm:w-56 max-sm:col-span-2"
				autoComplete="off"
				spellCheck={false}
				{...field("ip")}
			/>
			<MoreFilters open={CHOICES.some((name) => shown(name) !== "")}>
				<Select label="Role" {...choice("role", roleOptions)} />
				<Select label="Browser" {...choice("browser", [...devices.browsers.map(named), unknown])} />
				<Select label="System" {...choice("operatingSystem", [...devices.operatingSystems.map(named), unknown])} />
				<Select label="Signed in" {...choice("olderThan", olderThan)} />
				<Select label="Last seen" {...choice("lastSeenBefore", olderThan)} />
				<Select label="Kind" {...choice("impersonations", kinds)} />
			</MoreFilters>
			{shown("userId") && <input type="hidden" name="userId" value={shown("userId")} />}
		</FilterBar>
	);
}

const named = (name: string) => ({ value: name, label: name });

const kinds = [
	{ value: "true", label: "Impersonations" },
	{ value: "false", label: "Own sessions" },
];
