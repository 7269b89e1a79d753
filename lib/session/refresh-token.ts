/**
 * The refresh token: to a native app what the cookie is to a browser, the one credential of its session. It has two halves.
 * By the first, which lasts as long as the session, its row is found; the second is good once, and each use makes a new
 * one. So whichever earlier token of a session comes back, we know whose it is. (RFC 9700, section 4.14.)
 */
import { hashToken, newToken } from "./token";

/** The prefix is for those who search logs and sources for secrets that do not belong there. */
const FORMAT = /^(refresh_[\w-]{43})\.[\w-]{43}$/;

/** By what the database knows a refresh token. */
export interface RefreshHashes {
	/** Of the half that lasts: the same for all tokens of a session. */
	tokenHash: Buffer;
	/** Of the token as a whole. */
	refreshHash: Buffer;
}

/** The first refresh token of a session. */
export const newRefreshToken = () => `refresh_${newToken()}.${newToken()}`;

/** The token that takes the place of this one. */
export const successorOf = (token: string) => token.replace(/\.[^.]*$/, `.${newToken()}`);

/** The hashes of a refresh token; null for anything that is none. */
export function refreshHashes(token: string): RefreshHashes | null {
	const [, lasting] = FORMAT.exec(token) ?? [];
	return lasting ? { tokenHash: hashToken(lasting), refreshHash: hashToken(token) } : null;
}
