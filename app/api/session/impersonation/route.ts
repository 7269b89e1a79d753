/** Public, because an impersonation that is already over no longer says who is asking: only the cookie leads back. */
import { endpoint } from "@/lib/api/endpoint";
import { Refusal } from "@/lib/errors";
import { stopImpersonating } from "@/lib/impersonation/impersonate";
import { currentSession, currentTokens, setSessionCookie } from "@/lib/session/current";

export const DELETE = endpoint(
	{
		name: "stopImpersonating",
		summary: "Stop impersonating",
		description: "The answer sets the session cookie back to the admin's own session.",
		permission: "public",
		refusals: { "session-ended": "Nobody is signed in.", conflict: "Nobody is being impersonated." },
	},
	async () => {
		const tokens = await currentTokens();
		if (!tokens) throw new Refusal("session-ended", "Sign in to use this.");
		await setSessionCookie(await stopImpersonating(tokens, await currentSession()));
	},
);
