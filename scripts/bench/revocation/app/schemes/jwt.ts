/** Signed tokens, as all of the schemes with JWTs make and read them. */
import { type JWTPayload, jwtVerify, SignJWT } from "jose";
import { secondsOf } from "./clock";

const key = () => new TextEncoder().encode(process.env.AUTH_SECRET);

export function sign(claims: JWTPayload, issuedAt: Date, lifetimeSeconds: number): Promise<string> {
	const now = secondsOf(issuedAt);
	return new SignJWT(claims)
		.setProtectedHeader({ alg: "HS256" })
		.setIssuedAt(now)
		.setExpirationTime(now + lifetimeSeconds)
		.sign(key());
}

/** The claims of a token that is ours and has not expired, or null. */
export async function read(token: string | undefined): Promise<JWTPayload | null> {
	if (!token) return null;
	const verified = await jwtVerify(token, key(), { algorithms: ["HS256"] }).catch(() => null);
	return verified?.payload ?? null;
}
