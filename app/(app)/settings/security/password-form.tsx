"use client";

import { useRouter } from "next/navigation";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import { postJson } from "@/app/_ui/post-json";
import { SubmitButton } from "@/app/_ui/submit-button";
import type { FormAction } from "@/lib/action";

/** Changes the password. The answer replaces this browser's cookie, and the page then shows which devices are left. */
export function PasswordForm({ email }: { email: string }) {
	const router = useRouter();
	const change: FormAction = (_previous, form) => postJson("/api/session/password", form, sayWhatEnded);
	return (
		<ActionForm action={change} onSuccess={() => router.refresh()} className="max-w-md">
			<input type="hidden" autoComplete="username" value={email} readOnly />
			<Field label="Current password" name="currentPassword" type="password" autoComplete="current-password" required />
			<Field label="New password" name="newPassword" type="password" autoComplete="new-password" required />
			<SubmitButton>Change password</SubmitButton>
		</ActionForm>
	);
}

function sayWhatEnded({ ended }: { ended: number }): string {
	if (ended === 0) return "Your password was changed.";
	const devices = ended === 1 ? "1 other device was" : `${ended} other devices were`;
	return `Your password was changed, and ${devices} signed out.`;
}
