/** Where providers send logout tokens: a form comes in; 200, or 400 with the reason, goes out, and nobody may keep either. */
import { z } from "zod";
import { db } from "@/db/client";
import type { Endpoint } from "@/lib/api/endpoint";
import { readText } from "@/lib/api/input";
import { recordAudit } from "@/lib/audit/record";
import { type Attempt, countAttempts, forgiveAttempts, networkOf } from "@/lib/rate-limit/throttle";
import { type RequestOrigin, requestOrigin } from "@/lib/request/origin";
import { problemFor } from "@/lib/request/problem";
import { OAuthError } from "@/lib/tokens/oauth-error";
import { backChannelLogout } from "./back-channel-logout";
import { findProvider } from "./providers";

const HEADERS = { "Cache-Control": "no-store", Pragma: "no-cache" };

const receive = async (request: Request, { params }: Parameters<Endpoint>[1]): Promise<Response> => {
	const { provider: id = "" } = await params;
	const origin = requestOrigin(request.headers);
	try {
		const attempts: Attempt[] = [["service-address", networkOf(origin.ip)]];
		await countAttempts(attempts);
		const provider = findProvider(id);
		if (!provider) throw new OAuthError("invalid_request", "There is no such identity provider.");
		await backChannelLogout(provider, await readLogoutToken(request), origin);
		await forgiveAttempts(attempts);
		return new Response(null, { status: 200, headers: HEADERS });
	} catch (error) {
		return error instanceof OAuthError ? refuse(error, id, origin) : problemFor(error);
	}
};

/** The endpoint with what the API's description says of it. */
export const receiveLogoutToken: Endpoint = Object.assign(receive, {
	contract: {
		name: "receiveLogoutToken",
		summary: "Sign out whoever signed out at an identity provider",
		description:
			"For identity providers (OpenID Connect Back-Channel Logout 1.0). Takes a form with a `logout_token`, and ends the " +
			"sessions that it is about. Answers 200, or 400 with an error of RFC 6749.",
		permission: "public",
		params: z.strictObject({
			provider: z.string().meta({ description: "Its `id` in OIDC_PROVIDERS.", example: "google" }),
		}),
		media: "application/json",
	},
} as const);

async function readLogoutToken(request: Request): Promise<string> {
	const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
	if (type !== "application/x-www-form-urlencoded") {
		throw new OAuthError("invalid_request", "Send a form, as application/x-www-form-urlencoded.");
	}
	const [token, ...more] = new URLSearchParams(await readText(request)).getAll("logout_token");
	if (!token || more.length > 0) throw new OAuthError("invalid_request", "Send one `logout_token`.");
	return token;
}

/** Keeps the refusal in the audit log; how many there can be, the limit of attempts says. */
async function refuse(
	{ code, message, status }: OAuthError,
	provider: string,
	origin: RequestOrigin,
): Promise<Response> {
	const detail = { provider: findProvider(provider)?.id, why: message };
	const event = { action: "logout_token.refused", detail } as const;
	try {
		await db.transaction((tx) => recordAudit(tx, { anonymous: "visitor", origin }, event));
	} catch (failure) {
		return problemFor(failure);
	}
	return Response.json({ error: code, error_description: message }, { status, headers: HEADERS });
}
