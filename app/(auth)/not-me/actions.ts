"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { disownSignIn } from "@/lib/accounts/new-device";
import { formAction } from "@/lib/action";
import { forgetLinkToken, keptLinkToken } from "@/lib/links/cookie";
import { requestOrigin } from "@/lib/request/origin";

export const disownSignInAction = formAction(z.object({}), async () => {
	await disownSignIn(await keptLinkToken("sign_in_disowning"), requestOrigin(await headers()));
	await forgetLinkToken("sign_in_disowning");
	redirect("/link-used?done=sign-in-disowned");
});
