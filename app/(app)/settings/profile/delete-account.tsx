"use client";

import { Button } from "@/app/_ui/button";
import { Card, CardHeader } from "@/app/_ui/card";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { Field } from "@/app/_ui/field";
import { postJson } from "@/app/_ui/post-json";
import type { ActionResult, FormAction } from "@/lib/action";

/** The way out for good. Afterwards this browser leaves by a hard navigation: nothing of the account survives in it. */
export function DeleteAccount({ email }: { email: string }) {
	return (
		<Card aria-labelledby="delete-account">
			<CardHeader
				id="delete-account"
				title="Delete account"
				description="Your name, address and password are erased, and you are signed out everywhere. This cannot be undone."
				actions={
					<ConfirmDialog
						trigger={<Button variant="danger">Delete account</Button>}
						title="Delete your account?"
						description={
							<p>
								You are signed out everywhere, and nobody can bring <b className="font-medium">{email}</b> back.
							</p>
						}
						confirmLabel="Delete account"
						danger
						action={deleteAccount}
					>
						<Field
							label="Type your e-mail address to confirm"
							name="email"
							type="email"
							autoComplete="off"
							required
							autoFocus
						/>
					</ConfirmDialog>
				}
			/>
		</Card>
	);
}

const deleteAccount: FormAction = async (_previous, form) => {
	const result = await postJson("/api/account/deletion", form);
	if (!result?.ok) return result;
	location.assign("/sign-in");
	// Stays on its way until the browser has left.
	return new Promise<ActionResult>(() => {});
};
