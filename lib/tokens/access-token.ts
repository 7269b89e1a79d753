/**
 * Access tokens: JWTs of a few minutes (RFC 9068) for programs that cannot send the session cookie. Each hangs from a
 * session and is never good for longer than it. To get the next one is to ask again with the session's own credential (the
 * cookie, or an app's refresh token), so that a session which has ended gets none.
 */
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { environment } from "@/lib/environment";
import { Refusal } from "@/lib/errors";
import { roles } from "@/lib/permissions/matrix";
import type { Session } from "@/lib/session/lookup";
import { type KeySet, recentPublicKeys, SIGNING_ALGORITHM, signingKey } from "./signing-keys";

export const ACCESS_TOKEN_SECONDS = 300;
/** How far the clocks of two of our machines may be apart. */
const CLOCK_TOLERANCE_SECONDS = 5;
const TYPE = "at+jwt";
/** RFC 9068 wants the client named. The session's own pages and apps are all one. */
const CLIENT = "session";

/** Whom our own API accepts tokens for. */
export const apiAudience = () => `${environment().APP_URL}/api/v1`;

const claimsSchema = z.object({
	sub: z.uuid(),
	/** The session that the token hangs from. */
	sid: z.uuid(),
	role: z.enum(roles),
	client_id: z.literal(CLIENT),
	jti: z.uuid(),
	/** When they last proved who they are in the session, in seconds, to the millisecond. */
	auth_time: z.number(),
	iat: z.number(),
	exp: z.number(),
});

export type AccessClaims = z.output<typeof claimsSchema>;

/** Signs a token for the session; it is good for at most five minutes, and never for longer than the session. */
export async function mintAccessToken(session: Session): Promise<{ token: string; expiresInSeconds: number }> {
	const { id, key } = await signingKey();
	const now = Math.floor(Date.now() / 1000);
	const end = Math.floor(session.expiresAt.getTime() / 1000);
	const expires = Math.min(now + ACCESS_TOKEN_SECONDS, end);
	const authTime = session.authenticatedAt.getTime() / 1000;
	const token = await new SignJWT({
		sid: session.id,
		role: session.user.role,
		client_id: CLIENT,
		auth_time: authTime,
	})
		.setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TYPE, kid: id })
		.setIssuer(environment().APP_URL)
		.setAudience(apiAudience())
		.setSubject(session.user.id)
		.setJti(crypto.randomUUID())
		.setIssuedAt(now)
		.setExpirationTime(expires)
		.sign(key);
	return { token, expiresInSeconds: expires - now };
}

/**
 * The claims of a token that we signed for our own API and that has not expired. Algorithm, type, issuer and audience are
 * ours to say, never the token's (RFC 8725). Throws a Refusal "invalid-token".
 */
export async function verifyAccessToken(token: string): Promise<AccessClaims> {
	try {
		return claimsSchema.parse(await payloadOf(token));
	} catch (error) {
		if (!(error instanceof errors.JOSEError || error instanceof z.ZodError)) throw error;
		throw new Refusal("invalid-token", "The access token is not good, or not any more. Get a new one.");
	}
}

async function payloadOf(token: string): Promise<JWTPayload> {
	const check = async (keys: KeySet) => {
		const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
			algorithms: [SIGNING_ALGORITHM],
			typ: TYPE,
			issuer: environment().APP_URL,
			audience: apiAudience(),
			clockTolerance: CLOCK_TOLERANCE_SECONDS,
			requiredClaims: ["exp", "iat", "sub", "jti"],
		});
		return payload;
	};
	try {
		return await check(await recentPublicKeys());
	} catch (error) {
		if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
		return check(await recentPublicKeys(true));
	}
}
