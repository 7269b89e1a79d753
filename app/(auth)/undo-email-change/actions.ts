"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { undoEmailChange } from "@/lib/accounts/change-email";
import { formAction } from "@/lib/action";
import { forgetLinkToken, keptLinkToken } from "@/lib/links/cookie";
import { requestOrigin } from "@/lib/request/origin";

export const undoEmailChangeAction = formAction(z.object({}), async () => {
	await undoEmailChange(await keptLinkToken("email_change_undo"), requestOrigin(await headers()));
	await forgetLinkToken("email_change_undo");
	redirect("/link-used?done=email-restored");
});
