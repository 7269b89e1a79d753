/** Signing in. Whoever was signed out reads here why, from the ended session's row: only this browser's cookie opens it. */
import type { Metadata } from "next";
import { headers } from "next/headers";
import { Alert } from "@/app/_ui/alert";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import Link from "@/app/_ui/link";
import { SubmitButton } from "@/app/_ui/submit-button";
import { impersonatorBehind } from "@/lib/impersonation/impersonate";
import { requestOrigin } from "@/lib/request/origin";
import { currentTokens } from "@/lib/session/current";
import { whyEnded } from "@/lib/session/ended";
import { continueAsSelfAction, signInAction } from "./actions";

export const metadata: Metadata = { title: "Sign in" };

/** What a link in a mail just did, for those whom it brought here. */
const doneTexts: Record<string, string> = {
	"password-reset": "Your password was changed. Sign in with the new one.",
};

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
	const { next, done } = await searchParams;
	const tokens = await currentTokens();
	const reason = tokens && (await whyEnded(tokens));
	const admin = tokens && (await impersonatorBehind(tokens, requestOrigin(await headers())));
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Sign in</h1>
			{reason && (
				<Alert tone="warning" className="mt-4">
					{reason}
				</Alert>
			)}
			{!reason && done && doneTexts[done.toString()] && (
				<Alert tone="success" className="mt-4">
					{doneTexts[done.toString()]}
				</Alert>
			)}
			{admin && (
				<ActionForm action={continueAsSelfAction} className="mt-4">
					<SubmitButton className="w-full">Continue as {admin.user.name}</SubmitButton>
				</ActionForm>
			)}
			<ActionForm action={signInAction} className="mt-6">
				<input type="hidden" name="next" value={typeof next === "string" ? next : ""} />
				<Field label="Email" name="email" type="email" autoComplete="username" required autoFocus />
				<Field label="Password" name="password" type="password" autoComplete="current-password" required />
				<SubmitButton className="w-full">Sign in</SubmitButton>
				<p className="text-center text-sm">
					<Link href="/forgot-password" className="font-medium text-link hover:underline">
						Forgot your password?
					</Link>
				</p>
			</ActionForm>
			<p className="mt-6 text-center text-muted text-sm">
				New here?{" "}
				<Link href="/sign-up" className="font-medium text-link hover:underline">
					Create an account
				</Link>
			</p>
		</>
	);
}
