"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { signIn, signInSchema } from "@/lib/accounts/sign-in";
import { formAction } from "@/lib/action";
import { keepBrowserToken } from "@/lib/identities/browser";
import { requireProvider } from "@/lib/identities/providers";
import { beginVisit } from "@/lib/identities/visit";
import { stopImpersonating } from "@/lib/impersonation/impersonate";
import { requestOrigin } from "@/lib/request/origin";
import { safeReturnPath } from "@/lib/request/return-path";
import { clearSessionCookie, currentSession, currentTokens, setSessionCookie } from "@/lib/session/current";

export const signInAction = formAction(signInSchema.extend({ next: z.string() }), async ({ next, ...input }) => {
	await setSessionCookie(await signIn(input, requestOrigin(await headers()), await currentTokens()));
	redirect(safeReturnPath(next));
});

export const continueAtProviderAction = formAction(
	z.object({ provider: z.string(), next: z.string() }),
	async ({ provider, next }) => {
		const [browser, origin] = [await keepBrowserToken(), requestOrigin(await headers())];
		const url = await beginVisit(await requireProvider(provider), {
			errand: "sign_in",
			session: null,
			next,
			browser,
			origin,
		});
		redirect(url.href);
	},
);

/** After an impersonation that is over: drops it from the cookie and goes on in the admin's own session. */
export const continueAsSelfAction = formAction(z.object({}), async () => {
	const tokens = await currentTokens();
	if (!tokens?.parentToken) return clearSessionCookie();
	await setSessionCookie(await stopImpersonating(tokens, await currentSession()));
	redirect("/admin");
});
