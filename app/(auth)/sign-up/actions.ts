"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { signUp, signUpSchema } from "@/lib/accounts/sign-up";
import { formAction } from "@/lib/action";
import { requestOrigin } from "@/lib/request/origin";

export const signUpAction = formAction(signUpSchema, async (input) => {
	await signUp(input, requestOrigin(await headers()));
	redirect("/check-your-mail?for=account");
});
