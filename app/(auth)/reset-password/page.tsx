/** A new password, for whoever followed a link that still works. It is used up only by the form. */
import type { Metadata } from "next";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { keptLinkToken } from "@/lib/links/cookie";
import { findLink } from "@/lib/links/links";
import { StaleLink } from "../_links/stale-link";
import { resetPasswordAction } from "./actions";

export const metadata: Metadata = { title: "Choose a new password" };

export default async function ResetPasswordPage() {
	const link = await findLink("password_reset", await keptLinkToken("password_reset"));
	if (!link) return <StaleLink again={{ href: "/forgot-password", label: "Ask for a new link" }} />;
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Choose a new password</h1>
			<p className="mt-2 break-words text-muted text-sm">
				For {link.email}. It signs you out everywhere, and then you sign in with it.
			</p>
			<ActionForm action={resetPasswordAction} className="mt-6">
				<input type="hidden" autoComplete="username" value={link.email} readOnly />
				<Field
					label="New password"
					name="newPassword"
					type="password"
					autoComplete="new-password"
					hint="At least 8 characters; a few unrelated words are best."
					required
					autoFocus
				/>
				<SubmitButton className="w-full">Set new password</SubmitButton>
			</ActionForm>
		</>
	);
}
