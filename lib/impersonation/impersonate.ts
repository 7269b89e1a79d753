/**
 * Impersonation: a session of someone else that hangs from the admin's own. The cookie carries both tokens, so that
 * stopping returns to the admin's session, which stayed what it was.
 */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { endedSessions, sessions } from "@/db/schema";
import { requireTarget } from "@/lib/admin/people";
import { reasonField } from "@/lib/admin/suspension";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { mayImpersonate } from "@/lib/permissions/matrix";
import type { SessionTokens } from "@/lib/session/cookie";
import { fenced } from "@/lib/session/fence";
import { endSessions, startSession } from "@/lib/session/lifecycle";
import { findSession, type Session } from "@/lib/session/lookup";
import { retryingConflicts } from "@/lib/session/retry";
import { hashToken } from "@/lib/session/token";

export const impersonationSchema = z.object({ reason: reasonField });

/**
 * Begins to impersonate; gives the tokens for the cookie. An earlier impersonation from the same session ends.
 * Throws a Refusal "forbidden" for people of equal or higher rank, suspended people and oneself.
 */
export async function impersonate(
	session: Session,
	tokens: SessionTokens,
	userId: string,
	{ reason }: z.output<typeof impersonationSchema>,
): Promise<SessionTokens> {
	return fenced(
		session,
		"users.impersonate",
		async (fence) => {
			const { tx, role } = fence;
			const target = requireTarget(fence, userId);
			if (target.suspended || !mayImpersonate({ id: session.user.id, role }, target)) {
				throw new Refusal("forbidden", `${target.name} cannot be impersonated.`);
			}
			await endSessions(tx, eq(sessions.parentSessionId, session.id), "replaced", session.user.id);
			const impersonation = { impersonatorId: session.user.id, parentSessionId: session.id, reason };
			const { id, token } = await startSession(tx, { userId, origin: session.origin, impersonation });
			await recordAudit(tx, session, { action: "impersonation.started", target, sessionId: id, reason });
			return { token, parentToken: tokens.token };
		},
		{ people: [userId], revokes: true },
	);
}

/**
 * Stops the impersonation that the cookie carries, if it still lives, and gives the tokens of the admin's own session.
 * Throws a Refusal "conflict" when the cookie carries none.
 */
export async function stopImpersonating(tokens: SessionTokens, session: Session | null): Promise<SessionTokens> {
	if (!tokens.parentToken) throw new Refusal("conflict", "You are not impersonating anyone.");
	if (session?.impersonator) await endImpersonation(session, session.impersonator.id);
	return { token: tokens.parentToken };
}

/** Without the fence, like signing out: whoever is in a session may always leave it, and once is enough. */
function endImpersonation(session: Session, impersonatorId: string): Promise<void> {
	const { user: target, id } = session;
	return retryingConflicts(() =>
		db.transaction(async (tx) => {
			const ended = await endSessions(tx, eq(sessions.id, id), "impersonation_stopped", impersonatorId);
			const event = { action: "impersonation.stopped", target, sessionId: id } as const;
			if (ended.length > 0) await recordAudit(tx, session, event);
		}),
	);
}

/** The id of the person whom the cookie's impersonation, live or over, is or was of; null if it carries none. */
export async function impersonatedPerson({ token, parentToken }: SessionTokens): Promise<string | null> {
	if (!parentToken) return null;
	const tokenHash = hashToken(token);
	const [[live], [ended]] = await Promise.all([
		db.select({ userId: sessions.userId }).from(sessions).where(eq(sessions.tokenHash, tokenHash)),
		db.select({ userId: endedSessions.userId }).from(endedSessions).where(eq(endedSessions.tokenHash, tokenHash)),
	]);
	return live?.userId ?? ended?.userId ?? null;
}

/** The admin behind a cookie whose impersonation is over, if their own session still lives: they may continue as themselves. */
export async function impersonatorBehind(tokens: SessionTokens, origin: Session["origin"]): Promise<Session | null> {
	return tokens.parentToken ? findSession({ token: tokens.parentToken }, origin) : null;
}
