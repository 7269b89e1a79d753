/** Signing in. Whoever was signed out reads here why, from the ended session's row: only this browser's cookie opens it. */
import type { Metadata } from "next";
import { headers } from "next/headers";
import { Alert } from "@/app/_ui/alert";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import Link from "@/app/_ui/link";
import { SubmitButton } from "@/app/_ui/submit-button";
import { offeredProviders } from "@/lib/identities/providers";
import { explainRefusal } from "@/lib/identities/refusals";
import { impersonatorBehind } from "@/lib/impersonation/impersonate";
import { requestOrigin } from "@/lib/request/origin";
import { currentTokens } from "@/lib/session/current";
import { whyEnded } from "@/lib/session/ended";
import { continueAsSelfAction, signInAction } from "./actions";
import { Providers } from "./providers";

export const metadata: Metadata = { title: "Sign in" };

/** What a link in a mail just did, for those whom it brought here. */
const doneTexts: Record<string, string> = {
	"password-reset": "Your password was changed. Sign in with the new one.",
};

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
	const { next: wanted, done, refused, left } = await searchParams;
	const next = typeof wanted === "string" ? wanted : "";
	const refusal = explainRefusal(refused);
	const offered = await offeredProviders();
	const provider = offered.find(({ id }) => id === left);
	const tokens = await currentTokens();
	const reason = tokens && (await whyEnded(tokens));
	const admin = tokens && (await impersonatorBehind(tokens, requestOrigin(await headers())));
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Sign in</h1>
			{refusal && (
				<Alert tone="error" className="mt-4">
					{refusal}
				</Alert>
			)}
			{provider && (
				<Alert className="mt-4">
					You signed out here, and may still be signed in there.{" "}
					<a href={`/sign-in/leave/${provider.id}`} className="font-medium underline">
						Sign out of {provider.name} too
					</a>
				</Alert>
			)}
			{!refusal && reason && (
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
				<input type="hidden" name="next" value={next} />
				<Field label="Email" name="email" type="email" autoComplete="username" required autoFocus />
				<Field label="Password" name="password" type="password" autoComplete="current-password" required />
				<SubmitButton className="w-full">Sign in</SubmitButton>
				<p className="text-center text-sm">
					<Link href="/forgot-password" className="font-medium text-link hover:underline">
						Forgot your password?
					</Link>
				</p>
			</ActionForm>
			<Providers providers={offered.map(({ id, name }) => ({ id, name }))} next={next} />
			<p className="mt-6 text-center text-muted text-sm">
				New here?{" "}
				<Link href="/sign-up" className="font-medium text-link hover:underline">
					Create an account
				</Link>
			</p>
		</>
	);
}
