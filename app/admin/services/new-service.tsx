"use client";

import { Plus } from "lucide-react";
import { Button } from "@/app/_ui/button";
import { Field, TextArea } from "@/app/_ui/field";
import { createServiceClientAction } from "./actions";
import { SecretDialog } from "./secret-dialog";

/** Names a service and what it may do. */
export function NewService() {
	return (
		<SecretDialog
			trigger={
				<Button variant="primary">
					<Plus aria-hidden /> New service
				</Button>
			}
			title="New service"
			done="The service was created"
			action={createServiceClientAction}
			submit="Create service"
		>
			<Field label="Name" name="name" placeholder="inventory-sync" autoComplete="off" required autoFocus />
			<Field label="Scopes" name="scopes" placeholder="inventory:read inventory:write" autoComplete="off" required />
			<Field
				label="May call"
				name="audiences"
				placeholder="https://inventory.example.com"
				hint="The addresses that its tokens are for."
				autoComplete="off"
				required
			/>
			<TextArea
				label="Public keys"
				name="publicKeys"
				hint="A JSON Web Key Set, if it signs its requests with a key of its own. Left empty, it gets a secret."
				className="font-mono"
				spellCheck={false}
			/>
		</SecretDialog>
	);
}
