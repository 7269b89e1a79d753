"use client";

import { Button } from "@/app/_ui/button";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { counted } from "@/lib/audit/words";
import type { ListedProvider } from "@/lib/identities/list-providers";
import { deleteProviderAction } from "./actions";

/** Its id must be typed first: the secret is not to be had back. */
export function DeleteProvider({ provider }: { provider: ListedProvider }) {
	const { id, name, people, sessions } = provider;
	return (
		<ConfirmDialog
			trigger={<Button size="sm">Delete</Button>}
			title={`Delete ${name}?`}
			description={
				<>
					<p>Its settings go for good, the client secret with them. To keep them, leave it turned off.</p>
					{people > 0 && (
						<p className="mt-2">
							{counted(people, "person stays", "people stay")} linked, and can sign in with it again if you add a
							provider with the same issuer.
						</p>
					)}
					{sessions > 0 && (
						<p className="mt-2">
							{counted(sessions, "session")} that began with it {sessions === 1 ? "ends" : "end"}, because the provider
							could not end {sessions === 1 ? "it" : "them"} any more.
						</p>
					)}
				</>
			}
			typed={id}
			confirmLabel="Delete"
			danger
			action={deleteProviderAction}
		>
			<input type="hidden" name="id" value={id} />
		</ConfirmDialog>
	);
}
