"use server";

import { formAction } from "@/lib/action";
import { requirePermission, setSessionCookie } from "@/lib/session/current";
import { proofSchema, proveIdentity } from "@/lib/session/proof";

export const proveIdentityAction = formAction(proofSchema, async (input) => {
	await setSessionCookie(await proveIdentity(await requirePermission("identity.prove"), input));
});
