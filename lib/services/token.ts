/**
 * Tokens for services: for a service itself (client credentials), or for a service that acts for a person, who has handed it
 * an access token (token exchange; RFC 8693). Whoever is called verifies them with our public keys and nothing else.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { JWTPayload } from "jose";
import { db, type Transaction } from "@/db/client";
import { serviceClients } from "@/db/schema";
import { Refusal } from "@/lib/errors";
import { fenced } from "@/lib/session/fence";
import type { Session } from "@/lib/session/lookup";
import { verifyAccessToken } from "@/lib/tokens/access-token";
import { sessionBehind } from "@/lib/tokens/bearer";
import { OAuthError } from "@/lib/tokens/oauth-error";
import { REFRESH_TOKEN } from "@/lib/tokens/refresh";
import { type SignedToken, signToken } from "@/lib/tokens/sign";
import { refusal, type ServiceClient } from "./authenticate";

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

export interface ServiceToken extends SignedToken {
	scope: string;
}

/** Signs the token that the client asks for. Throws an OAuthError that says what is wrong with the request. */
export async function issueServiceToken(client: ServiceClient, asked: TokenRequest): Promise<ServiceToken> {
	const scope = scopeOf(client, asked.scope);
	const audience = audienceOf(client, asked.audience);
	const person = await personOf(asked);
	async function sign(tx: Transaction, claims: JWTPayload, notAfter?: Date) {
		const signed = await signToken(tx, { claims: { ...claims, client_id: client.id, scope }, audience, notAfter });
		await noteUse(tx, client);
		return signed;
	}
	const signed = person
		? await fenced(person, "tokens.mint", ({ tx, role }) =>
				sign(tx, { sub: person.user.id, sid: person.id, role, act: { sub: client.id } }, person.expiresAt),
			).catch(refuseGrant)
		: await db.transaction((tx) => sign(tx, { sub: client.id }));
	return { ...signed, scope };
}

/** Throws when the client was turned off or got a new secret since it proved who it is: then nothing that was signed leaves. */
async function noteUse(tx: Transaction, { id, secretHash }: ServiceClient): Promise<void> {
	const isSame = secretHash ? eq(serviceClients.secretHash, secretHash) : isNull(serviceClients.secretHash);
	const isGood = and(eq(serviceClients.id, id), isNull(serviceClients.disabledAt), isSame);
	const { rowCount } = await tx.update(serviceClients).set({ lastUsedAt: sql`now()` }).where(isGood);
	if (rowCount === 0) throw refusal(id);
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

/** The session of the person whose token the client holds; null when it asks for itself. */
async function personOf({ grantType, subjectToken, subjectTokenType }: TokenRequest): Promise<Session | null> {
	if (grantType === CLIENT_CREDENTIALS) return null;
	if (grantType === REFRESH_TOKEN) throw new OAuthError("unauthorized_client", "Services have no refresh tokens.");
	if (grantType !== TOKEN_EXCHANGE) throw new OAuthError("unsupported_grant_type", "That grant is not known.");
	if (!subjectToken || subjectTokenType !== ACCESS_TOKEN_TYPE) {
		throw new OAuthError("invalid_request", "Send the person’s access token as `subject_token`, and its type.");
	}
	const session = await verifyAccessToken(subjectToken)
		.then((claims) => sessionBehind(claims, { ip: null, userAgent: null }))
		.catch(refuseGrant);
	return session ?? refuseGrant();
}

/** Whoever was signed out gets nobody a token. */
function refuseGrant(error?: unknown): never {
	const isOver = !error || (error instanceof Refusal && ["invalid-token", "session-ended"].includes(error.code));
	if (!isOver) throw error;
	throw new OAuthError("invalid_grant", "The person’s token is not good, or their session has ended.");
}
