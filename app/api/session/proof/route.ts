import { z } from "zod";
import { endpoint } from "@/lib/api/endpoint";
import { waysToProve } from "@/lib/identities/link";
import { setSessionCookie } from "@/lib/session/current";
import { proofSchema, proveIdentity } from "@/lib/session/proof";

export const GET = endpoint(
	{
		name: "listProofs",
		summary: "Tell how the person can prove who they are",
		permission: "identity.prove",
		answer: z
			.object({ password: z.boolean(), providers: z.array(z.object({ id: z.string(), name: z.string() })) })
			.meta({ id: "Proofs" }),
	},
	({ session }) => waysToProve(session.user.id),
);

export const POST = endpoint(
	{
		name: "proveIdentity",
		summary: "Give the password again",
		description:
			"What an endpoint that refuses with `proof-required` asks for. The answer replaces the session cookie; the old one " +
			"ends with it.",
		permission: "identity.prove",
		body: proofSchema.strict(),
		refusals: { "too-many-attempts": "Too many wrong passwords lately. Try again later." },
	},
	async ({ session, body }) => setSessionCookie(await proveIdentity(session, body)),
);
