/**
 * Tokens for services: for a service itself (client credentials), or for a service that acts for a person, who has handed it
 * an access token (token exchange; RFC 8693). Whoever is called verifies them with our public keys and nothing else.
 */
import { eq, sql } from "drizzle-orm";
import { SignJWT } from "jose";
import { db } from "@/db/client";
import { serviceClients } from "@/db/schema";
import { environment } from "@/lib/environment";
import { Refusal } from "@/lib/errors";
import { ACCESS_TOKEN_SECONDS, verifyAccessToken } from "@/lib/tokens/access-token";
import { sessionBehind } from "@/lib/tokens/bearer";
import { OAuthError } from "@/lib/tokens/oauth-error";
import { REFRESH_TOKEN } from "@/lib/tokens/refresh";
import { SIGNING_ALGORITHM, signingKey } from "@/lib/tokens/signing-keys";
import type { ServiceClient } from "./authenticate";

export const CLIENT_CREDENTIALS = "client_credentials";
export const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
export const ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

export interface TokenRequest {
	grantType: string;
	/** Separated by spaces; all of the client's when left out. */
	scope?: string;
	/** Whom it is for; may be left out by a client that has one audience. */
	audience?: string;
	/** For an exchange: the person's access token. */
	subjectToken?: string;
	subjectTokenType?: string;
}

export interface ServiceToken {
	token: string;
	expiresInSeconds: number;
	scope: string;
}

/** Signs the token that the client asks for. Throws an OAuthError that says what is wrong with the request. */
export async function issueServiceToken(client: ServiceClient, asked: TokenRequest): Promise<ServiceToken> {
	const scope = scopeOf(client, asked.scope);
	const audience = audienceOf(client, asked.audience);
	const subject = await subjectOf(client, asked);
	const { id, key } = await signingKey();
	const now = Math.floor(Date.now() / 1000);
	const expires = Math.min(now + ACCESS_TOKEN_SECONDS, subject.expires);
	const token = await new SignJWT({ ...subject.claims, client_id: client.id, scope })
		.setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: "at+jwt", kid: id })
		.setIssuer(environment().APP_URL)
		.setAudience(audience)
		.setJti(crypto.randomUUID())
		.setIssuedAt(now)
		.setExpirationTime(expires)
		.sign(key);
	await db.update(serviceClients).set({ lastUsedAt: sql`now()` }).where(eq(serviceClients.id, client.id));
	return { token, expiresInSeconds: expires - now, scope };
}

function scopeOf(client: ServiceClient, asked: string | undefined): string {
	const scopes = asked?.split(" ").filter(Boolean) ?? client.scopes;
	const foreign = scopes.find((scope) => !client.scopes.includes(scope));
	if (foreign !== undefined) throw new OAuthError("invalid_scope", "The client does not have that scope.");
	return scopes.join(" ");
}

function audienceOf(client: ServiceClient, asked: string | undefined): string {
	const [only, ...others] = client.audiences;
	const audience = asked ?? (others.length === 0 ? only : undefined);
	if (!audience) throw new OAuthError("invalid_target", "Say in `audience` whom the token is for.");
	if (!client.audiences.includes(audience))
		throw new OAuthError("invalid_target", "The client may not call that audience.");
	return audience;
}

/** The client itself; or the person whose token it holds, with the client as the actor and the person's own rights only. */
async function subjectOf(client: ServiceClient, { grantType, subjectToken, subjectTokenType }: TokenRequest) {
	if (grantType === CLIENT_CREDENTIALS) return { claims: { sub: client.id }, expires: Number.POSITIVE_INFINITY };
	if (grantType === REFRESH_TOKEN) throw new OAuthError("unauthorized_client", "Services have no refresh tokens.");
	if (grantType !== TOKEN_EXCHANGE) throw new OAuthError("unsupported_grant_type", "That grant is not known.");
	if (!subjectToken || subjectTokenType !== ACCESS_TOKEN_TYPE) {
		throw new OAuthError("invalid_request", "Send the person’s access token as `subject_token`, and its type.");
	}
	const session = await subjectSession(subjectToken);
	if (!session) throw new OAuthError("invalid_grant", "The person’s token is not good, or their session has ended.");
	const { user, id: sid, expiresAt } = session;
	return {
		claims: { sub: user.id, sid, role: user.role, act: { sub: client.id } },
		expires: Math.floor(expiresAt.getTime() / 1000),
	};
}

/** Strictly: who was signed out gets nobody a token. */
async function subjectSession(token: string) {
	try {
		return await sessionBehind(await verifyAccessToken(token), { ip: null, userAgent: null });
	} catch (error) {
		if (error instanceof Refusal && error.code === "invalid-token") return null;
		throw error;
	}
}
