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
import { touch } from "@/lib/session/touch";
import { type AccessClaims, verifyAccessToken } from "./access-token";

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
	touch(session);
	if (!allows(session.user.role, permission, session.impersonator !== null)) {
		noteForbidden(session, permission, {});
		throw new Refusal("forbidden", "You may not do this.");
	}
	return session;
}

/** The live session that a token hangs from, or null. */
export async function sessionBehind(claims: AccessClaims, origin: RequestOrigin): Promise<Session | null> {
	const session = await findSessionById(claims.sid, origin);
	return session?.user.id === claims.sub && isFromLastProof(claims, session) ? session : null;
}

/**
 * Whether the token was signed under the last proof of who the person is. Each proof replaces the session's cookie, to
 * shut out whoever had copied it, and with it what they got for it, be it a moment before. (The claim is RFC 9068's,
 * section 2.2.1; both times are the row's, so no clock needs any tolerance.)
 */
function isFromLastProof({ auth_time }: AccessClaims, { authenticatedAt }: Session): boolean {
	return Math.round(auth_time * 1000) === authenticatedAt.getTime();
}

function tokenOf(request: Request): string {
	const [, token] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
	if (!token) throw new Refusal("invalid-token", "Send an access token: Authorization: Bearer …");
	return token;
}
