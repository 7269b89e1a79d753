/** What people do with their own sessions: see them, sign out here, sign out elsewhere. */
import { and, eq, inArray, ne } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { fenced } from "./fence";
import { countEnded, endSessions } from "./lifecycle";
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
