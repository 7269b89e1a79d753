import { z } from "zod";
import { endpoint } from "@/lib/api/endpoint";
import { keepBrowserToken } from "@/lib/identities/browser";
import { requireProvider } from "@/lib/identities/providers";
import { beginVisit } from "@/lib/identities/visit";

export const POST = endpoint(
	{
		name: "proveIdentityAtProvider",
		summary: "Prove who one is at an identity provider",
		description:
			"For people without a password. Answers the address to go to; the provider asks who they are and sends them back, " +
			"which replaces the session cookie.",
		permission: "identity.prove",
		params: z.strictObject({ provider: z.string().meta({ description: "Its `id`." }) }),
		body: z.strictObject({ next: z.string().meta({ description: "Where to go on to: a path.", example: "/admin" }) }),
		answer: z.object({ url: z.string() }).meta({ id: "ProviderVisit" }),
		refusals: {
			"not-found": "There is no such identity provider.",
			"too-many-attempts": "Too many visits from this network lately. Try again later.",
		},
	},
	async ({ session, params, body: { next } }) => {
		const [provider, browser] = [await requireProvider(params.provider), await keepBrowserToken()];
		const visit = { errand: "proof", session, next, browser, origin: session.origin } as const;
		return { url: (await beginVisit(provider, visit)).href };
	},
);
