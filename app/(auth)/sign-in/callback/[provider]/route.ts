/** Where identity providers send people back to. What they went for is done here, and then they go on. */
import { browserToken } from "@/lib/identities/browser";
import { comeBack } from "@/lib/identities/come-back";
import { requestOrigin } from "@/lib/request/origin";
import { problemFor } from "@/lib/request/problem";
import { currentSession, currentTokens, setSessionCookie } from "@/lib/session/current";

export async function GET(
	request: Request,
	{ params }: RouteContext<"/sign-in/callback/[provider]">,
): Promise<Response> {
	try {
		const { path, tokens } = await comeBack({
			providerId: (await params).provider,
			parameters: new URL(request.url).searchParams,
			browser: await browserToken(),
			session: await currentSession(),
			tokens: await currentTokens(),
			origin: requestOrigin(request.headers),
		});
		if (tokens) await setSessionCookie(tokens);
		return new Response(null, { status: 303, headers: { Location: path, "Cache-Control": "private, no-store" } });
	} catch (error) {
		return problemFor(error);
	}
}
