/**
 * Signing out is a plain form post, so that it leaves by a hard navigation and nothing of the page survives it: the
 * answer also tells the browser to forget what it cached and stored for this origin (OWASP ASVS 5.0, V14.3.1).
 */
import { providerOf } from "@/lib/identities/leave";
import { impersonatorBehind } from "@/lib/impersonation/impersonate";
import { requestOrigin } from "@/lib/request/origin";
import { problemFor } from "@/lib/request/problem";
import { requireSameOrigin } from "@/lib/request/same-origin";
import { clearSessionCookie, currentSession, currentTokens } from "@/lib/session/current";
import { signOut } from "@/lib/session/own";

export async function POST(request: Request): Promise<Response> {
	try {
		requireSameOrigin(request.method, request.headers);
		const tokens = await currentTokens();
		const admin = tokens && (await impersonatorBehind(tokens, requestOrigin(request.headers)));
		// An impersonation that is over no longer says who is asking; the admin's own session behind it may still live.
		const session = (await currentSession()) ?? admin;
		const provider = session && (await providerOf(session.impersonator?.sessionId ?? session.id));
		if (session) await signOut(session);
		await clearSessionCookie();
		return new Response(null, {
			status: 303,
			headers: {
				Location: provider ? `/sign-in?left=${provider.id}` : "/sign-in",
				"Clear-Site-Data": '"cache", "storage"',
				"Cache-Control": "private, no-store",
			},
		});
	} catch (error) {
		return problemFor(error);
	}
}

/** For those who type the address or come by a link: that signs nobody out, or any page could do it with a picture. */
export async function GET(): Promise<Response> {
	return new Response(null, { status: 303, headers: { Location: "/dashboard", "Cache-Control": "private, no-store" } });
}
