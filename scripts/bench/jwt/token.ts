/** Variant (c): the token of github.com/nextjs/saas-starter, as in its `lib/auth/session.ts`. */
import { jwtVerify, SignJWT } from "jose";

const key = new TextEncoder().encode(process.env.AUTH_SECRET);

export type SessionData = { user: { id: string }; expires: string };

export async function signToken(payload: SessionData): Promise<string> {
	return await new SignJWT(payload)
		.setProtectedHeader({ alg: "HS256" })
		.setIssuedAt()
		.setExpirationTime("1 day from now")
		.sign(key);
}

export async function verifyToken(input: string): Promise<SessionData> {
	const { payload } = await jwtVerify(input, key, { algorithms: ["HS256"] });
	return payload as SessionData;
}
