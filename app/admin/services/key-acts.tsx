"use client";

import { Button } from "@/app/_ui/button";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { replaceKeysAction, rotateKeysAction } from "./actions";

/** Rotating is routine and disturbs nobody; replacing makes every token that is out worthless. */
export function KeyActs() {
	return (
		<>
			<ActionForm action={rotateKeysAction}>
				<SubmitButton variant="secondary" size="sm">
					Rotate now
				</SubmitButton>
			</ActionForm>
			<ConfirmDialog
				trigger={<Button size="sm">A key is compromised</Button>}
				title="Replace all signing keys?"
				description="Every access token that is out is worthless at once. Apps and services get new ones by themselves; services that keep our list of keys fetch it anew."
				confirmLabel="Replace all keys"
				danger
				action={replaceKeysAction}
			/>
		</>
	);
}
