/**
 * Access tokens: JWTs of a few minutes (RFC 9068) for programs that cannot send the session cookie. Each hangs from a
 * session and is never good for longer than it. To get the next one is to ask again with the session's own credential (the
 * cookie, or an app's refresh token), so that a session which has ended gets none.
 */
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import { environment } from "@/lib/environment";
import { Refusal } from "@/lib/errors";
import { roles } from "@/lib/permissions/matrix";
import { type Fence, fenced } from "@/lib/session/fence";
import type { Session } from "@/lib/session/lookup";
import { ACCESS_TOKEN_TYP, type SignedToken, signToken } from "./sign";
import { type KeySet, recentPublicKeys, SIGNING_ALGORITHM } from "./signing-keys";

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

/** Signs a token for the session. Throws a Refusal "session-ended" or "forbidden" when it gets none (any more). */
export function mintAccessToken(session: Session): Promise<SignedToken> {
	return fenced(session, "tokens.mint", (fence) => signAccessToken(fence, session));
}

/** The same inside the fence, for what is done together with it. The role is the one under the lock. */
export function signAccessToken({ tx, role }: Fence, session: Session): Promise<SignedToken> {
	const claims = {
		sub: session.user.id,
		sid: session.id,
		role,
		client_id: CLIENT,
		auth_time: session.authenticatedAt.getTime() / 1000,
	};
	return signToken(tx, { claims, audience: apiAudience(), notAfter: session.expiresAt });
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
			typ: ACCESS_TOKEN_TYP,
			issuer: environment().APP_URL,
			audience: apiAudience(),
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
