/**
 * The session cookie: iron-session's seal (encrypted and authenticated) around opaque tokens, and nothing else. No user
 * and no role is in it, because what a cookie says stays true in it for as long as it lives; only the row decides.
 */
import { sealData, unsealData } from "iron-session";
import { z } from "zod";
import { processWide } from "@/db/process-wide";
import { environment } from "@/lib/environment";
import { keysFor } from "@/lib/keys";

const tokensSchema = z.object({ token: z.string(), parentToken: z.string().optional() });

export interface SessionTokens {
	/** The session that requests are served as. */
	token: string;
	/** While impersonating: the admin's own session, to which stopping returns. */
	parentToken?: string;
}

/**
 * `__Host-` makes the browser insist on Secure, Path=/ and no Domain, so that no subdomain can plant one (RFC 6265bis,
 * section 4.1.3.2). Cookies do not know ports: the name tells several checkouts on one localhost apart.
 */
export function sessionCookieName(): string {
	const { port } = new URL(environment().APP_URL);
	return port ? `__Host-session-${port}` : "__Host-session";
}

/** The attributes for setting the cookie; a `maxAge` of 0 removes it. */
export function sessionCookieOptions(maxAge = environment().SESSION_ABSOLUTE_SECONDS) {
	return { httpOnly: true, secure: true, sameSite: "lax", path: "/", maxAge } as const;
}

/** Seals tokens with the newest secret. */
export function sealTokens(tokens: SessionTokens): Promise<string> {
	const [newest = ""] = passwords();
	return sealData(tokens, { password: newest, ttl: environment().SESSION_ABSOLUTE_SECONDS });
}

/**
 * The tokens in a Cookie header, or null if it has no cookie of ours, or one that we did not seal, or more than one.
 * Everything reads the cookie through this function: readers differ on duplicates, and then the proxy sees one person
 * and the page another.
 */
export async function tokensFromCookieHeader(cookieHeader: string | null): Promise<SessionTokens | null> {
	const prefix = `${sessionCookieName()}=`;
	const seals = (cookieHeader ?? "")
		.split(";")
		.map((pair) => pair.trim())
		.filter((pair) => pair.startsWith(prefix))
		.map((pair) => pair.slice(prefix.length));
	return seals.length === 1 && seals[0] ? openSeal(seals[0]) : null;
}

/**
 * Opened seals, so that a seal's key derivation is paid once and not on every request. This is no cache of sessions:
 * opening is a pure function of the seal and the secrets, and the row behind the token is asked for every time.
 */
const OPENED_SEALS_LIMIT = 20_000;
const openedSeals = processWide("opened-seals", () => new Map<string, SessionTokens>());

/** How a seal of ours ends. Decoders forgive stray bits and characters there, and one seal must not have many spellings. */
const SEAL_END = /\*[\w-]{42}[AEIMQUYcgkosw048]~2$/;

async function openSeal(seal: string): Promise<SessionTokens | null> {
	if (!SEAL_END.test(seal)) return null;
	const known = openedSeals.get(seal);
	if (known) return known;

	for (const password of passwords()) {
		const opened = await unsealData(seal, { password, ttl: environment().SESSION_ABSOLUTE_SECONDS }).catch(() => null);
		const tokens = tokensSchema.safeParse(opened);
		if (tokens.success) {
			remember(seal, tokens.data);
			return tokens.data;
		}
	}
	return null;
}

function remember(seal: string, tokens: SessionTokens): void {
	const [oldest] = openedSeals.keys();
	if (openedSeals.size >= OPENED_SEALS_LIMIT && oldest) openedSeals.delete(oldest);
	openedSeals.set(seal, tokens);
}

/** Newest first: a seal made for anything else does not open here. */
const passwords = () => keysFor("kickoff session cookie");
