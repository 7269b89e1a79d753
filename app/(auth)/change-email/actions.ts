"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { confirmEmailChange } from "@/lib/accounts/change-email";
import { formAction } from "@/lib/action";
import { forgetLinkToken, keptLinkToken } from "@/lib/links/cookie";
import { requestOrigin } from "@/lib/request/origin";

export const confirmEmailChangeAction = formAction(z.object({}), async () => {
	await confirmEmailChange(await keptLinkToken("email_change"), requestOrigin(await headers()));
	await forgetLinkToken("email_change");
	redirect("/link-used?done=email-changed");
});
