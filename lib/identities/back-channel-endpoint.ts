/** Where providers send logout tokens: a form comes in; 200, or 400 with the reason, goes out, and nobody may keep either. */
import { z } from "zod";
import { db } from "@/db/client";
import type { Endpoint } from "@/lib/api/endpoint";
import { readText } from "@/lib/api/input";
import { recordAudit } from "@/lib/audit/record";
import { logRefused } from "@/lib/log";
import { countAttempts, networkOf } from "@/lib/rate-limit/throttle";
import { type RequestOrigin, requestOrigin } from "@/lib/request/origin";
import { problemFor } from "@/lib/request/problem";
import { OAuthError } from "@/lib/tokens/oauth-error";
import { BadLogoutToken, backChannelLogout } from "./back-channel-logout";
import { findProviderToHear, type Provider } from "./providers";

const HEADERS = { "Cache-Control": "no-store", Pragma: "no-cache" };

const receive = async (request: Request, { params }: Parameters<Endpoint>[1]): Promise<Response> => {
	const { provider: id = "" } = await params;
	const origin = requestOrigin(request.headers);
	let provider: Provider | undefined;
	try {
		provider = await findProviderToHear(id);
		if (!provider) throw new OAuthError("invalid_request", "There is no such identity provider.");
		await backChannelLogout(provider, await readLogoutToken(request), origin);
		return new Response(null, { status: 200, headers: HEADERS });
	} catch (error) {
		return error instanceof OAuthError ? refuse(error, provider, origin) : problemFor(error);
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
			provider: z.string().meta({ description: "Its `id`.", example: "google" }),
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

/**
 * Counts the refusal, and only now: whoever sends junk through the provider's network must not keep its good tokens out. The
 * audit log, which is kept for ever, is for what the provider has signed; the rest is for the log that rotates.
 */
async function refuse(error: OAuthError, provider: Provider | undefined, origin: RequestOrigin): Promise<Response> {
	const { code, message, status } = error;
	try {
		await countAttempts([["logout-address", networkOf(origin.ip)]]);
		if (error instanceof BadLogoutToken && error.isSigned) {
			const event = { action: "logout_token.refused", detail: { provider: provider?.id, why: message } } as const;
			await db.transaction((tx) => recordAudit(tx, { anonymous: "visitor", origin }, event));
		} else logRefused("logout-token", { ip: origin.ip, provider: provider?.id });
	} catch (failure) {
		return problemFor(failure);
	}
	return Response.json({ error: code, error_description: message }, { status, headers: HEADERS });
}
