import type { Metadata } from "next";
import Link from "next/link";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { forgotPasswordAction } from "./actions";

export const metadata: Metadata = { title: "Forgot your password?" };

export default function ForgotPasswordPage() {
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Forgot your password?</h1>
			<p className="mt-2 text-muted text-sm">We mail you a link to choose a new one.</p>
			<ActionForm action={forgotPasswordAction} className="mt-6">
				<Field label="Email" name="email" type="email" autoComplete="username" required autoFocus />
				<SubmitButton className="w-full">Send link</SubmitButton>
			</ActionForm>
			<p className="mt-6 text-center text-muted text-sm">
				<Link href="/sign-in" className="font-medium text-link hover:underline">
					Back to sign-in
				</Link>
			</p>
		</>
	);
}
