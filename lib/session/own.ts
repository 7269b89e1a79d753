/** What people do with their own sessions: see them, sign out here, sign out elsewhere. */
import { and, desc, eq, inArray, ne } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { db } from "@/db/client";
import { endedSessions, sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { fenced } from "./fence";
import { countEnded, endSessions } from "./lifecycle";
import { isLive } from "./live";
import type { Session } from "./lookup";
import { retryingConflicts } from "./retry";

/** Signs the session out. While impersonating, the admin's own session too: "sign out" leaves nobody signed in here. */
export async function signOut(session: Session): Promise<void> {
	const ids = session.impersonator ? [session.id, session.impersonator.sessionId] : [session.id];
	const endedBy = session.impersonator?.id ?? session.user.id;
	await retryingConflicts(() =>
		db.transaction(async (tx) => {
			const ended = await endSessions(tx, inArray(sessions.id, ids), "signed_out", endedBy);
			if (ended.length > 0) await recordAudit(tx, session, { action: "session.ended", sessionId: session.id });
		}),
	);
}

/** Signs one other device of the person out. Throws a Refusal "not-found" when it is not theirs or already out. */
export async function signOutDevice(session: Session, sessionId: string): Promise<void> {
	const theirs = and(eq(sessions.userId, session.user.id), eq(sessions.id, sessionId));
	const count = await signOutElsewhere(session, theirs);
	if (count === 0) throw new Refusal("not-found", "That device is already signed out.");
}

/** Signs all other devices of the person out; gives how many. */
export async function signOutOtherDevices(session: Session): Promise<number> {
	const others = and(eq(sessions.userId, session.user.id), ne(sessions.id, session.id));
	return signOutElsewhere(session, others);
}

async function signOutElsewhere(session: Session, which: ReturnType<typeof and>): Promise<number> {
	return fenced(
		session,
		"own-sessions.end",
		async ({ tx }) => {
			const count = countEnded(await endSessions(tx, which, "signed_out_elsewhere", session.user.id));
			if (count > 0) await recordAudit(tx, session, { action: "session.ended", detail: { count } });
			return count;
		},
		{ revokes: true },
	);
}

/** A place where the person is signed in, as they see it themselves. */
export interface OwnSession {
	id: string;
	browser: string | null;
	operatingSystem: string | null;
	/** What a native app calls its device; null for browsers. */
	appDevice: string | null;
	ip: string | null;
	createdAt: Date;
	lastSeenAt: Date;
	/** Whether it is the session that asks. */
	current: boolean;
	/** Who is impersonating the person in it, and why; null for the person's own sessions. */
	impersonation: { by: string; reason: string | null } | null;
}

/** The person's live sessions, the asking one first, then the most recently seen; and impersonations of them. */
export async function listOwnSessions(session: Session): Promise<OwnSession[]> {
	const impersonator = alias(users, "impersonator");
	const rows = await db
		.select({
			id: sessions.id,
			browser: sessions.browser,
			operatingSystem: sessions.operatingSystem,
			appDevice: sessions.appDevice,
			ip: sessions.ip,
			createdAt: sessions.createdAt,
			lastSeenAt: sessions.lastSeenAt,
			impersonator: impersonator.name,
			reason: sessions.impersonationReason,
		})
		.from(sessions)
		.leftJoin(impersonator, eq(impersonator.id, sessions.impersonatorId))
		.where(and(eq(sessions.userId, session.user.id), isLive()))
		.orderBy(desc(eq(sessions.id, session.id)), desc(sessions.lastSeenAt));
	return rows.map(({ impersonator, reason, ...row }) => ({
		...row,
		current: row.id === session.id,
		impersonation: impersonator ? { by: impersonator, reason } : null,
	}));
}

const PAST_IMPERSONATIONS_SHOWN = 10;

export interface PastImpersonation {
	id: string;
	/** Null when the admin's account is gone. */
	by: string | null;
	reason: string | null;
	startedAt: Date;
	endedAt: Date;
}

/** The last impersonations of the person that are over, newest first. Who acted as them is theirs to know. */
export async function listPastImpersonations(session: Session): Promise<PastImpersonation[]> {
	return db
		.select({
			id: endedSessions.id,
			by: users.name,
			reason: endedSessions.impersonationReason,
			startedAt: endedSessions.createdAt,
			endedAt: endedSessions.endedAt,
		})
		.from(endedSessions)
		.leftJoin(users, eq(users.id, endedSessions.impersonatorId))
		.where(and(eq(endedSessions.userId, session.user.id), eq(endedSessions.authenticatedWith, "impersonation")))
		.orderBy(desc(endedSessions.endedAt))
		.limit(PAST_IMPERSONATIONS_SHOWN);
}
