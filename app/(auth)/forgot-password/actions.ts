"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { askForPasswordReset, forgottenPasswordSchema } from "@/lib/accounts/reset-password";
import { formAction } from "@/lib/action";
import { requestOrigin } from "@/lib/request/origin";

export const forgotPasswordAction = formAction(forgottenPasswordSchema, async (input) => {
	await askForPasswordReset(input, requestOrigin(await headers()));
	redirect("/check-your-mail?for=password");
});
