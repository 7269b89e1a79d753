"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { verificationSchema, verifyEmail } from "@/lib/accounts/verify-email";
import { formAction } from "@/lib/action";
import { forgetLinkToken, keptLinkToken } from "@/lib/links/cookie";
import { requestOrigin } from "@/lib/request/origin";
import { currentTokens, setSessionCookie } from "@/lib/session/current";

export const verifyEmailAction = formAction(verificationSchema, async (input) => {
	const token = await keptLinkToken("email_verification");
	await setSessionCookie(await verifyEmail(token, input, requestOrigin(await headers()), await currentTokens()));
	await forgetLinkToken("email_verification");
	redirect("/dashboard");
});
