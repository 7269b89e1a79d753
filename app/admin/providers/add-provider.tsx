"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/app/_ui/button";
import { Field } from "@/app/_ui/field";
import { addProviderAction } from "./actions";
import { Addresses } from "./addresses";
import { ProviderDialog } from "./provider-dialog";
import { RoleFields } from "./role-fields";

/** Names a provider and what it gave us; what it needs of us stands there to be copied while the id is typed. */
export function AddProvider({ appUrl }: { appUrl: string }) {
	return (
		<ProviderDialog
			trigger={
				<Button variant="primary">
					<Plus aria-hidden /> Add provider
				</Button>
			}
			title="Add an identity provider"
			description="Only one that verifies addresses and that you would trust with your own account: it opens everybody’s."
			action={addProviderAction}
			submit="Add provider"
		>
			<Fields appUrl={appUrl} />
		</ProviderDialog>
	);
}

function Fields({ appUrl }: { appUrl: string }) {
	const [name, setName] = useState("");
	const [typed, setTyped] = useState<string>();
	const id = typed ?? suggested(name);
	return (
		<>
			<div className="grid gap-4 sm:grid-cols-2">
				<Field
					label="Name"
					name="name"
					placeholder="Okta"
					hint="“Continue with …”"
					autoComplete="off"
					value={name}
					onChange={(event) => setName(event.target.value)}
					required
					autoFocus
				/>
				<Field
					label="Id"
					name="id"
					placeholder="okta"
					hint="A part of the addresses below. It stays."
					autoComplete="off"
					autoCapitalize="none"
					spellCheck={false}
					value={id}
					onChange={(event) => setTyped(event.target.value)}
					required
				/>
			</div>
			<Field
				label="Issuer"
				name="issuer"
				placeholder="https://example.okta.com"
				hint="Exactly as the provider writes it. We ask there who it is before it is added."
				inputMode="url"
				autoComplete="off"
				autoCapitalize="none"
				spellCheck={false}
				required
			/>
			<Field label="Client id" name="clientId" autoComplete="off" autoCapitalize="none" spellCheck={false} required />
			<Field
				label="Client secret"
				name="clientSecret"
				type="password"
				hint="Never shown again, not even here: if something is refused, enter it once more."
				autoComplete="new-password"
				required
			/>
			<RoleFields />
			<div className="border-t pt-4">
				<p className="mb-3 text-muted text-sm">Register these addresses at the provider:</p>
				<Addresses appUrl={appUrl} id={id || "…"} />
			</div>
		</>
	);
}

/** "Acme Corp." → "acme-corp". */
function suggested(name: string): string {
	return name
		.normalize("NFKD")
		.toLowerCase()
		.replace(/\p{M}/gu, "")
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-/, "")
		.slice(0, 32)
		.replace(/-$/, "");
}
