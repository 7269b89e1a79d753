"use client";

import { Button } from "@/app/_ui/button";
import { rotateSecretAction } from "./actions";
import { SecretDialog } from "./secret-dialog";

/** Gives a service another secret, after a question. */
export function NewSecret({ client }: { client: { id: string; name: string } }) {
	return (
		<SecretDialog
			trigger={<Button size="sm">New secret</Button>}
			title={`A new secret for ${client.name}?`}
			description="The one that it has now is refused at once."
			done="The new secret"
			action={rotateSecretAction}
			submit="Give a new secret"
		>
			<input type="hidden" name="clientId" value={client.id} />
		</SecretDialog>
	);
}
