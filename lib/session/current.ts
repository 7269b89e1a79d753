/**
 * The data-access layer's front door: who is asking? Every page, action and handler comes through here, and everything
 * stays safe with `proxy.ts` deleted. The proxy is the fast lane; this is the lock.
 */
import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { Refusal } from "@/lib/errors";
import { allows, type Permission } from "@/lib/permissions/matrix";
import { requestOrigin } from "@/lib/request/origin";
import { signInPath } from "@/lib/request/return-path";
import {
	type SessionTokens,
	sealTokens,
	sessionCookieName,
	sessionCookieOptions,
	tokensFromCookieHeader,
} from "./cookie";
import { noteForbidden } from "./forbidden";
import { requireFreshProof } from "./fresh-proof";
import { takeHandedOver } from "./hand-over";
import { findSession, type Session } from "./lookup";
import { touch } from "./touch";

/** The tokens that this request's cookie carries, or null. */
export async function currentTokens(): Promise<SessionTokens | null> {
	return tokensFromCookieHeader((await headers()).get("cookie"));
}

/**
 * The live session of this request, or null: as the proxy has just found it, or looked up here. Within one render the
 * database is asked once; React's `cache` forgets at the end of it. Writes never rely on this: the fence reads the rows
 * again, under their locks.
 */
export const currentSession = cache(async (): Promise<Session | null> => {
	const sent = await headers();
	const found = takeHandedOver(sent.get("cookie"));
	if (found) return found;
	const tokens = await currentTokens();
	return tokens ? findSession(tokens, requestOrigin(sent)) : null;
});

/**
 * The session, if it has the permission. Throws a Refusal if not: for actions and handlers.
 *
 * @param unattended for what an open tab asks by itself, which is no activity of its person
 */
export async function requirePermission(permission: Permission, { unattended = false } = {}): Promise<Session> {
	const session = await currentSession();
	if (!session) throw new Refusal("session-ended", "Your session has ended. Sign in again.");
	if (!unattended) touch(session);
	if (!allows(session.user.role, permission, session.impersonator !== null)) {
		noteForbidden(session, permission, {});
		throw new Refusal("forbidden", "You may not do this.");
	}
	requireFreshProof(permission, session.authenticatedAt);
	return session;
}

/**
 * The same for pages: redirects to sign-in, and answers "not found" to those who may not know that the page exists.
 *
 * @param path where to come back to after signing in
 */
export async function requirePage(permission: Permission, path: string): Promise<Session> {
	try {
		return await requirePermission(permission);
	} catch (error) {
		if (error instanceof Refusal && error.code === "session-ended") redirect(signInPath(path));
		if (error instanceof Refusal && error.code === "forbidden") notFound();
		throw error;
	}
}

/** Seals the tokens into this browser's session cookie, in an action or a handler. */
export async function setSessionCookie(tokens: SessionTokens): Promise<void> {
	(await cookies()).set(sessionCookieName(), await sealTokens(tokens), sessionCookieOptions());
}

/** Removes this browser's session cookie, in an action or a handler. */
export async function clearSessionCookie(): Promise<void> {
	(await cookies()).set(sessionCookieName(), "", sessionCookieOptions(0));
}
