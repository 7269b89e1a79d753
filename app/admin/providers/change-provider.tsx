"use client";

import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import type { ListedProvider } from "@/lib/identities/list-providers";
import { changeProviderAction } from "./actions";
import { Addresses } from "./addresses";
import { ProviderDialog } from "./provider-dialog";
import { RoleFields } from "./role-fields";

/** Changes what may change. Another issuer is another provider. */
export function ChangeProvider({ provider, appUrl }: { provider: ListedProvider; appUrl: string }) {
	const { id, name, issuer, clientId, roles } = provider;
	return (
		<ProviderDialog
			trigger={<Button size="sm">Change</Button>}
			title={`Change ${name}`}
			description={`The issuer stays ${issuer}: its people are known by it.`}
			action={changeProviderAction}
			submit="Save"
		>
			<input type="hidden" name="id" value={id} />
			<Field label="Name" name="name" hint="“Continue with …”" defaultValue={name} autoComplete="off" required />
			<Field
				label="Client id"
				name="clientId"
				defaultValue={clientId}
				autoComplete="off"
				autoCapitalize="none"
				spellCheck={false}
				required
			/>
			<Field
				label="New client secret"
				name="clientSecret"
				type="password"
				hint="Left empty, the one that it has stays."
				autoComplete="new-password"
			/>
			<RoleFields roles={roles} />
			<div className="border-t pt-4">
				<p className="mb-3 text-muted text-sm">Registered at the provider:</p>
				<Addresses appUrl={appUrl} id={id} />
			</div>
		</ProviderDialog>
	);
}
