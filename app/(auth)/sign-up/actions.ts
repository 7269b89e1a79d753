"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { signUp, signUpSchema } from "@/lib/accounts/sign-up";
import { formAction } from "@/lib/action";
import { requestOrigin } from "@/lib/request/origin";
import { currentTokens, setSessionCookie } from "@/lib/session/current";

export const signUpAction = formAction(signUpSchema, async (input) => {
	await setSessionCookie(await signUp(input, requestOrigin(await headers()), await currentTokens()));
	redirect("/dashboard");
});
