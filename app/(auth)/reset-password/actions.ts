"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { passwordResetSchema, resetPassword } from "@/lib/accounts/reset-password";
import { formAction } from "@/lib/action";
import { forgetLinkToken, keptLinkToken } from "@/lib/links/cookie";
import { requestOrigin } from "@/lib/request/origin";

export const resetPasswordAction = formAction(passwordResetSchema, async (input) => {
	await resetPassword(await keptLinkToken("password_reset"), input, requestOrigin(await headers()));
	await forgetLinkToken("password_reset");
	redirect("/sign-in?done=password-reset");
});
