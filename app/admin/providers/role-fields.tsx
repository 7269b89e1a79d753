"use client";

import { ChevronRight } from "lucide-react";
import { Field } from "@/app/_ui/field";
import { useFormField } from "@/app/_ui/form";

type Roles = { claim: string; support: string[]; admin: string[] };

/** What few need: the roles that the provider's claims give to newcomers. Open if there are any, or if they are wrong. */
export function RoleFields({ roles }: { roles?: Roles }) {
	const isWrong = [useFormField("rolesClaim"), useFormField("adminValues"), useFormField("supportValues")].some(
		({ errors }) => errors,
	);
	return (
		<details className="group border-t pt-4" open={roles !== undefined || isWrong}>
			<summary className="flex cursor-default list-none items-center gap-1.5 rounded-sm font-medium text-sm">
				<ChevronRight className="size-4 text-faint transition-transform group-open:rotate-90" aria-hidden />
				Roles for newcomers
			</summary>
			<p className="mt-2 mb-3 text-muted text-sm">
				Whoever signs in for the first time begins as a user, unless a claim says more. Nobody’s role changes later.
			</p>
			<div className="space-y-4">
				<Field
					label="Claim"
					name="rolesClaim"
					placeholder="groups"
					defaultValue={roles?.claim}
					autoComplete="off"
					autoCapitalize="none"
					spellCheck={false}
				/>
				<div className="grid gap-4 sm:grid-cols-2">
					<Values label="Admins" name="adminValues" values={roles?.admin} />
					<Values label="Support" name="supportValues" values={roles?.support} />
				</div>
			</div>
		</details>
	);
}

function Values({ label, name, values }: { label: string; name: string; values?: string[] }) {
	return (
		<Field
			label={label}
			name={name}
			hint="Values of the claim, with commas between them."
			defaultValue={values?.join(", ")}
			autoComplete="off"
			autoCapitalize="none"
			spellCheck={false}
		/>
	);
}
