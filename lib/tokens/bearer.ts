/**
 * Who sends an access token (RFC 6750). There are two levels. "stateless" believes the token alone, so that whoever was
 * signed out is served until it expires: five minutes at most. "strict" looks its session up, as a cookie's is, and takes
 * the role from the live row: for every write, and for all that admins do.
 */
import { Refusal } from "@/lib/errors";
import { allows, type Permission, type Role } from "@/lib/permissions/matrix";
import { type RequestOrigin, requestOrigin } from "@/lib/request/origin";
import { noteForbidden } from "@/lib/session/forbidden";
import { findSessionById, type Session } from "@/lib/session/lookup";
import { type AccessClaims, CLOCK_TOLERANCE_SECONDS, verifyAccessToken } from "./access-token";

/** All that a token says by itself. */
export interface TokenHolder {
	sessionId: string;
	userId: string;
	role: Role;
}

/** The holder of the request's token, by the token's own word. Throws a Refusal "invalid-token" or "forbidden". */
export async function requireToken(request: Request, permission: Permission): Promise<TokenHolder> {
	const { sub, sid, role } = await verifyAccessToken(tokenOf(request));
	if (!allows(role, permission)) throw new Refusal("forbidden", "You may not do this.");
	return { sessionId: sid, userId: sub, role };
}

/** The live session behind the request's token. Throws a Refusal "invalid-token", "session-ended" or "forbidden". */
export async function requireLiveToken(request: Request, permission: Permission): Promise<Session> {
	const session = await sessionBehind(await verifyAccessToken(tokenOf(request)), requestOrigin(request.headers));
	if (!session) throw new Refusal("session-ended", "The session behind this token has ended.");
	if (!allows(session.user.role, permission, session.impersonator !== null)) {
		noteForbidden(session, permission, {});
		throw new Refusal("forbidden", "You may not do this.");
	}
	return session;
}

/** The live session that a token hangs from, or null. */
export async function sessionBehind({ sub, sid, iat }: AccessClaims, origin: RequestOrigin): Promise<Session | null> {
	const session = await findSessionById(sid, origin);
	return session?.user.id === sub && !isFromBefore(session, iat) ? session : null;
}

/**
 * Whether the token was signed before the person last gave their password. That replaced the session's cookie, to shut out
 * whoever had copied it, and with it what they got for it.
 */
function isFromBefore({ authenticatedAt }: Session, issuedAt: number): boolean {
	return issuedAt + CLOCK_TOLERANCE_SECONDS < authenticatedAt.getTime() / 1000;
}

function tokenOf(request: Request): string {
	const [, token] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
	if (!token) throw new Refusal("invalid-token", "Send an access token: Authorization: Bearer …");
	return token;
}
