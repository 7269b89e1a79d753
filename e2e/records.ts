/** What the database says: tests judge an act by its effect, not by the page that reports it. */
import { and, asc, desc, eq, inArray } from "drizzle-orm";
import { db } from "@/db/client";
import { auditEvents, endedSessions, sessions, users } from "@/db/schema";
import type { AuditAction } from "@/lib/audit/actions";

/** Ids of the person's live sessions, oldest first. */
export async function liveSessionsOf(user: { id: string }): Promise<string[]> {
	const rows = await db
		.select({ id: sessions.id })
		.from(sessions)
		.where(eq(sessions.userId, user.id))
		.orderBy(asc(sessions.id));
	return rows.map(({ id }) => id);
}

/** How a session ended and its receipt, or undefined while it lives. */
export async function endOf(sessionId: string) {
	const [row] = await db
		.select({
			reason: endedSessions.endReason,
			endedById: endedSessions.endedById,
			endedAt: endedSessions.endedAt,
			firstRefusedAt: endedSessions.firstRefusedAt,
			firstRefusedPath: endedSessions.firstRefusedPath,
		})
		.from(endedSessions)
		.where(eq(endedSessions.id, sessionId));
	return row;
}

/** The audit events of one kind on or by the person, newest first. */
export async function auditOf(action: AuditAction, who: { target?: { id: string }; actor?: { id: string } }) {
	return db
		.select({
			actorId: auditEvents.actorId,
			actingAsId: auditEvents.actingAsId,
			targetId: auditEvents.targetId,
			sessionId: auditEvents.sessionId,
			reason: auditEvents.reason,
			detail: auditEvents.detail,
		})
		.from(auditEvents)
		.where(
			and(
				eq(auditEvents.action, action),
				who.target && eq(auditEvents.targetId, who.target.id),
				who.actor && eq(auditEvents.actorId, who.actor.id),
			),
		)
		.orderBy(desc(auditEvents.id));
}

/** The whole row of a person, to compare before and after. */
export async function rowOf(user: { id: string }) {
	const [row] = await db.select().from(users).where(eq(users.id, user.id));
	return row as NonNullable<typeof row>;
}

/** The person with this (normalised) address. */
export async function personWith(email: string): Promise<{ id: string }> {
	const [row] = await db.select({ id: users.id }).from(users).where(eq(users.email, email));
	return row as { id: string };
}

/** How many accounts have this (normalised) address. */
export async function accountsWith(emails: string[]): Promise<number> {
	return db.$count(users, inArray(users.email, emails));
}
