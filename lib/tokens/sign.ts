/** How every access token of ours is signed (RFC 9068), whoever it is for. */
import { type JWTPayload, SignJWT } from "jose";
import type { Transaction } from "@/db/client";
import { environment } from "@/lib/environment";
import { SIGNING_ALGORITHM, signingKey } from "./signing-keys";

export const ACCESS_TOKEN_SECONDS = 300;
export const ACCESS_TOKEN_TYP = "at+jwt";

export interface SignedToken {
	token: string;
	expiresInSeconds: number;
}

interface Content {
	claims: JWTPayload;
	audience: string;
	/** The end of the session that it hangs from, if it hangs from one. */
	notAfter?: Date;
}

/**
 * Signs a token that is good for at most five minutes. In a transaction that has locked what the token vouches for: a
 * revocation waits for it or comes first, so that no token is given after one has returned.
 */
export async function signToken(tx: Transaction, { claims, audience, notAfter }: Content): Promise<SignedToken> {
	const { id, key } = await signingKey(tx);
	const now = Math.floor(Date.now() / 1000);
	const end = notAfter ? Math.floor(notAfter.getTime() / 1000) : Number.POSITIVE_INFINITY;
	const expires = Math.min(now + ACCESS_TOKEN_SECONDS, end);
	const token = await new SignJWT(claims)
		.setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: ACCESS_TOKEN_TYP, kid: id })
		.setIssuer(environment().APP_URL)
		.setAudience(audience)
		.setJti(crypto.randomUUID())
		.setIssuedAt(now)
		.setExpirationTime(expires)
		.sign(key);
	return { token, expiresInSeconds: expires - now };
}
