/** The token endpoint (RFC 6749, section 3.2): a form comes in; a token, or an error of the RFC, goes out. */
import { z } from "zod";
import { db } from "@/db/client";
import type { Endpoint } from "@/lib/api/endpoint";
import { readText } from "@/lib/api/input";
import { recordAudit } from "@/lib/audit/record";
import { logRefused } from "@/lib/log";
import { type Attempt, countAttempts, forgiveAttempts, networkOf } from "@/lib/rate-limit/throttle";
import { requestOrigin } from "@/lib/request/origin";
import { problemFor } from "@/lib/request/problem";
import { OAuthError } from "@/lib/tokens/oauth-error";
import { authenticateClient, type ServiceClient } from "./authenticate";
import { ACCESS_TOKEN_TYPE, issueServiceToken, TOKEN_EXCHANGE } from "./token";

const HEADERS = { "Cache-Control": "no-store", Pragma: "no-cache" };

const text = z.string().max(16_384);
const form = z.object({
	grant_type: text,
	scope: text.optional(),
	audience: text.optional(),
	subject_token: text.optional(),
	subject_token_type: text.optional(),
	client_assertion_type: text.optional(),
	client_assertion: text.optional(),
});

async function grant(request: Request): Promise<Response> {
	try {
		const sent = await readForm(request);
		const client = await authenticated(request, sent);
		const issued = await issueServiceToken(client, {
			grantType: sent.grant_type,
			scope: sent.scope,
			audience: sent.audience,
			subjectToken: sent.subject_token,
			subjectTokenType: sent.subject_token_type,
		}).catch((error) => {
			if (error instanceof OAuthError) error.clientId = client.id;
			throw error;
		});
		const answer = {
			access_token: issued.token,
			token_type: "Bearer",
			expires_in: issued.expiresInSeconds,
			scope: issued.scope,
			...(sent.grant_type === TOKEN_EXCHANGE && { issued_token_type: ACCESS_TOKEN_TYPE }),
		};
		return Response.json(answer, { headers: HEADERS });
	} catch (error) {
		if (!(error instanceof OAuthError)) return problemFor(error);
		return refuse(error, request);
	}
}

/** The endpoint with what the API's description says of it. */
export const grantToken: Endpoint = Object.assign(grant, {
	contract: {
		name: "grantServiceToken",
		summary: "Get a token for a service",
		description:
			"For service clients (OAuth 2.0). Takes a form: `grant_type` (`client_credentials`, or " +
			"`urn:ietf:params:oauth:grant-type:token-exchange` with `subject_token` and `subject_token_type` to act for a " +
			"person), `scope`, `audience`. The client proves itself by HTTP Basic or by `client_assertion` " +
			"(private_key_jwt). Errors are those of RFC 6749.",
		permission: "public",
		media: "application/json",
	},
} as const);

/** The client, unless its network has failed to prove who it is too often. */
async function authenticated(request: Request, sent: z.output<typeof form>): Promise<ServiceClient> {
	const attempts: Attempt[] = [["service-address", networkOf(requestOrigin(request.headers).ip)]];
	await countAttempts(attempts);
	const client = await authenticateClient({
		authorization: request.headers.get("authorization"),
		assertionType: sent.client_assertion_type,
		assertion: sent.client_assertion,
	});
	await forgiveAttempts(attempts);
	return client;
}

async function readForm(request: Request): Promise<z.output<typeof form>> {
	const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
	if (type !== "application/x-www-form-urlencoded") {
		throw new OAuthError("invalid_request", "Send a form, as application/x-www-form-urlencoded.");
	}
	const fields = [...new URLSearchParams(await readText(request))];
	const isRepeated = new Set(fields.map(([name]) => name)).size < fields.length;
	const parsed = form.safeParse(Object.fromEntries(fields.filter(([, value]) => value !== "")));
	if (isRepeated || !parsed.success) throw new OAuthError("invalid_request", "Send each field once, and `grant_type`.");
	return parsed.data;
}

/**
 * Answers the error, and keeps it in the audit log if a client was named. That log keeps everything for ever, so it is not
 * for whoever names none: nothing throttles them.
 */
async function refuse(error: OAuthError, request: Request): Promise<Response> {
	const origin = requestOrigin(request.headers);
	const detail = { error: error.code, client: error.clientId };
	try {
		if (!error.clientId) logRefused("service-request", { error: error.code, ip: origin.ip });
		else {
			const event = { action: "service.refused", detail } as const;
			await db.transaction((tx) => recordAudit(tx, { anonymous: "visitor", origin }, event));
		}
	} catch (failure) {
		return problemFor(failure);
	}
	const challenge = error.status === 401 && { "WWW-Authenticate": 'Basic realm="service clients"' };
	const body = { error: error.code, error_description: error.message };
	return Response.json(body, { status: error.status, headers: { ...HEADERS, ...challenge } });
}
