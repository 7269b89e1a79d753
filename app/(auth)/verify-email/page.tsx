/** The last step of signing up: the link proves the mailbox, the password that whoever clicks is who signed up. */
import type { Metadata } from "next";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { keptLinkToken } from "@/lib/links/cookie";
import { findLink } from "@/lib/links/links";
import { StaleLink } from "../_links/stale-link";
import { verifyEmailAction } from "./actions";

export const metadata: Metadata = { title: "Confirm your address" };

export default async function VerifyEmailPage() {
	const link = await findLink("email_verification", await keptLinkToken("email_verification"));
	if (!link) return <StaleLink again={{ href: "/sign-up", label: "Sign up again" }} />;
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Confirm your address</h1>
			<p className="mt-2 break-words text-muted text-sm">
				{link.email} is yours? Then give the password that you chose when you signed up, and you are in.
			</p>
			<ActionForm action={verifyEmailAction} className="mt-6">
				<input type="hidden" autoComplete="username" value={link.email} readOnly />
				<Field label="Password" name="password" type="password" autoComplete="current-password" required autoFocus />
				<SubmitButton className="w-full">Confirm and continue</SubmitButton>
			</ActionForm>
			<p className="mt-6 text-center text-muted text-sm">You did not sign up? Then close this page: nothing happens.</p>
		</>
	);
}
