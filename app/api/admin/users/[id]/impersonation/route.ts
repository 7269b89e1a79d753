import { currentSessionAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { idParams } from "@/lib/api/input";
import { Refusal } from "@/lib/errors";
import { impersonate, impersonationSchema } from "@/lib/impersonation/impersonate";
import type { SessionTokens } from "@/lib/session/cookie";
import { currentTokens, setSessionCookie } from "@/lib/session/current";
import { findSession } from "@/lib/session/lookup";

export const POST = endpoint(
	{
		name: "impersonate",
		summary: "Impersonate a person",
		description:
			"The answer describes the impersonation and sets the session cookie to it. It ends after an hour, when it is " +
			"stopped, or with the session that asked.",
		permission: "users.impersonate",
		params: idParams,
		body: impersonationSchema.strict(),
		status: 201,
		answer: currentSessionAnswer,
		refusals: { "not-found": "There is no such person." },
	},
	async ({ session, params, body }) => {
		// A session came from somewhere: from the tokens in the cookie.
		const own = (await currentTokens()) as SessionTokens;
		const tokens = await impersonate(session, own, params.id, body);
		const impersonation = await findSession(tokens, session.origin);
		if (!impersonation) throw new Refusal("session-ended", "The impersonation has ended already.");
		await setSessionCookie(tokens);
		return { session: impersonation, user: impersonation.user, impersonator: impersonation.impersonator };
	},
);
