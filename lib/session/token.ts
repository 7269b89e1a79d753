/** The opaque session token: 256 random bits that mean nothing, and the hash by which its row is found. */
import { createHash, randomBytes } from "node:crypto";
import type { SessionTokens } from "./cookie";

const TOKEN_BYTES = 32;

/** A new token, base64url (43 characters). Well above the 128 bits of OWASP ASVS 5.0, V7.2.3. */
export function newToken(): string {
	return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** SHA-256 of a token. A fast hash is right here: there is nothing to guess in 256 random bits. */
export function hashToken(token: string): Buffer {
	return createHash("sha256").update(token).digest();
}

/** The hashes of all the tokens in a cookie. */
export function hashTokens({ token, parentToken }: SessionTokens): Buffer[] {
	return [token, parentToken].filter((one) => one !== undefined).map(hashToken);
}
