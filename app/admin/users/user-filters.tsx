import { Checkbox } from "@/app/_ui/checkbox";
import { Field } from "@/app/_ui/field";
import { FilterBar } from "@/app/_ui/filter-bar";
import { Select } from "@/app/_ui/select";
import type { Query } from "@/lib/list/filter";
import { roles } from "@/lib/permissions/matrix";

const anyone = { value: "", label: "Any" };
const roleOptions = roles.map((role) => ({ value: role, label: role.charAt(0).toUpperCase() + role.slice(1) }));

type Props = { query: Query; errors?: Record<string, string[]> };

/** What the address says now, to be changed; a field that was refused says why. */
export function UserFilters({ query, errors = {} }: Props) {
	const field = (name: string) => ({ name, defaultValue: query[name]?.toString() ?? "", errors: errors[name] });
	return (
		<FilterBar label="Filter users" keep={["sort"]}>
			<Field
				label="Search"
				type="search"
				placeholder="Name or e-mail"
				className="sm:w-64 max-sm:col-span-2"
				autoComplete="off"
				spellCheck={false}
				{...field("q")}
			/>
			<Select label="Role" options={[anyone, ...roleOptions]} {...field("role")} />
			<Select
				label="Status"
				options={[anyone, { value: "active", label: "Active" }, { value: "suspended", label: "Suspended" }]}
				{...field("status")}
			/>
			<Checkbox
				label="Signed in now"
				name="signedIn"
				value="true"
				defaultChecked={query.signedIn === "true"}
				className="h-8.5 items-center touch:h-11"
			/>
		</FilterBar>
	);
}
