import type { Metadata } from "next";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import Link from "@/app/_ui/link";
import { SubmitButton } from "@/app/_ui/submit-button";
import { signUpAction } from "./actions";

export const metadata: Metadata = { title: "Create account" };

export default function SignUpPage() {
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Create your account</h1>
			<ActionForm action={signUpAction} className="mt-6">
				<Field label="Name" name="name" autoComplete="name" required autoFocus />
				<Field label="Email" name="email" type="email" autoComplete="username" required />
				<Field
					label="Password"
					name="password"
					type="password"
					autoComplete="new-password"
					hint="At least 8 characters; a few unrelated words are best."
					required
				/>
				<SubmitButton className="w-full">Create account</SubmitButton>
			</ActionForm>
			<p className="mt-6 text-center text-muted text-sm">
				Have an account?{" "}
				<Link href="/sign-in" className="font-medium text-link hover:underline">
					Sign in
				</Link>
			</p>
		</>
	);
}
