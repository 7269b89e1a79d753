/**
 * Stopping an impersonation is a plain form post, like signing out: it leaves by a hard navigation, so that no page of
 * the other person survives in this browser. It works as well when the impersonation is over already.
 */
import { impersonatedPerson, stopImpersonating } from "@/lib/impersonation/impersonate";
import { problemFor } from "@/lib/request/problem";
import { requireSameOrigin } from "@/lib/request/same-origin";
import { currentSession, currentTokens, setSessionCookie } from "@/lib/session/current";

export async function POST(request: Request): Promise<Response> {
	try {
		requireSameOrigin(request.method, request.headers);
		const tokens = await currentTokens();
		if (!tokens?.parentToken) return leaveFor("/dashboard");
		const personId = await impersonatedPerson(tokens);
		await setSessionCookie(await stopImpersonating(tokens, await currentSession()));
		return leaveFor(personId ? `/admin/users/${personId}` : "/admin/users");
	} catch (error) {
		return problemFor(error);
	}
}

function leaveFor(path: string): Response {
	return new Response(null, {
		status: 303,
		headers: { Location: path, "Cache-Control": "private, no-store" },
	});
}
