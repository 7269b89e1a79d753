/** Everything that the console shows about one person. */
import { and, desc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { auditEvents, users } from "@/db/schema";
import type { Remembered } from "@/lib/audit/list";
import { isSuspended } from "@/lib/session/live";
import { profileColumns, type UserRow, withPresence } from "./presence";
import type { OffboardingReport } from "./suspension";

export interface UserDetail extends UserRow {
	/** Null for people who are not suspended right now. */
	suspension: Suspension | null;
}

export interface Suspension {
	since: Date;
	/** When it lifts by itself; null for never. */
	until: Date | null;
	reason: string | null;
	/** Null when the audit log does not say. */
	by: Remembered | null;
	/** What was ended with it, when the person was off-boarded; null for a plain suspension. */
	offboarding: OffboardingReport | null;
}

/** The person with the id, or null when there is none: also for text that is no id. */
export async function findUser(id: string): Promise<UserDetail | null> {
	if (!z.uuid().safeParse(id).success) return null;
	const [profile] = await db.select(profileColumns).from(users).where(eq(users.id, id));
	if (!profile) return null;
	const [[row], suspension] = await Promise.all([withPresence([profile]), findSuspension(id)]);
	return row ? { ...row, suspension } : null;
}

async function findSuspension(userId: string): Promise<Suspension | null> {
	const [suspended] = await db
		.select({ since: users.suspendedAt, until: users.suspendedUntil, reason: users.suspensionReason })
		.from(users)
		.where(and(eq(users.id, userId), isSuspended()));
	if (!suspended?.since) return null;
	const event = await lastClosing(userId);
	return {
		...suspended,
		since: suspended.since,
		by: event && { id: event.actorId, label: event.actorLabel },
		offboarding: event?.action === "user.offboarded" ? reportSchema.parse(event.detail) : null,
	};
}

/** The event by which the person was suspended or off-boarded last. */
async function lastClosing(userId: string) {
	const [event] = await db
		.select({
			action: auditEvents.action,
			actorId: auditEvents.actorId,
			actorLabel: auditEvents.actorLabel,
			detail: auditEvents.detail,
		})
		.from(auditEvents)
		.where(and(eq(auditEvents.targetId, userId), inArray(auditEvents.action, ["user.suspended", "user.offboarded"])))
		.orderBy(desc(auditEvents.id))
		.limit(1);
	return event ?? null;
}

const reportSchema: z.ZodType<OffboardingReport> = z.object({
	sessions: z.number(),
	impersonationsOpened: z.number(),
	impersonationsOf: z.number(),
});
