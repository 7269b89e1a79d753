/** Suspending, reactivating and off-boarding people. Suspended means: signed out everywhere, and refused at sign-in. */
import { and, count, eq, isNotNull, isNull, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { type Actor, type Fence, fenced, type LockedPerson } from "@/lib/session/fence";
import { countEnded, endSessions } from "@/lib/session/lifecycle";
import { isLive } from "@/lib/session/live";
import { personBehind, requireAnotherOwner, requireTarget } from "./people";

const REASON_LIMIT_CHARACTERS = 500;

/** Why somebody acts on somebody else; kept in the audit log. */
export const reasonField = z
	.string({ error: "Give a reason." })
	.trim()
	.min(1, { error: "Give a reason." })
	.max(REASON_LIMIT_CHARACTERS, { error: `Use at most ${REASON_LIMIT_CHARACTERS} characters.` })
	.regex(/^[^\p{Cc}]*(?:[\r\n\t][^\p{Cc}]*)*$/u, { error: "Use letters, digits and punctuation only." })
	.meta({ description: "Why, in words that the audit log keeps.", example: "Reported their laptop as stolen" });

/** PostgreSQL does not read what JavaScript writes for years of more than four digits. */
const LATEST_END = new Date("3000-01-01T00:00:00Z");

export const suspensionSchema = z.object({
	reason: reasonField,
	/** When it lifts by itself; left out, it stays until someone reactivates the person. */
	until: z.coerce
		.date<string>({ error: "Enter a date and time." })
		.refine((date) => date.getTime() > Date.now(), { error: "Choose a moment in the future." })
		.max(LATEST_END, { error: "Choose a moment before the year 3000, or leave it out." })
		.optional(),
});

/** Suspends the person and ends all their sessions; gives how many ended. */
export async function suspend(
	actor: Actor,
	userId: string,
	{ reason, until }: z.output<typeof suspensionSchema>,
): Promise<number> {
	return actOnAccess(actor, "users.suspend", userId, async (fence, target) => {
		await close(fence, target, reason, until ?? null);
		const ended = await endSessions(fence.tx, eq(sessions.userId, userId), "suspended", personBehind(actor));
		const count = countEnded(ended);
		const detail = { count, ...(until && { until: until.toISOString() }) };
		await recordAudit(fence.tx, actor, { action: "user.suspended", target, reason, detail });
		return count;
	});
}

/** Lets a suspended person in again. Their old sessions stay ended. */
export async function reactivate(actor: Actor, userId: string): Promise<void> {
	await actOnAccess(actor, "users.suspend", userId, async ({ tx }, target) => {
		const reactivated = await tx
			.update(users)
			.set({ suspendedAt: null, suspendedUntil: null, suspensionReason: null })
			.where(and(eq(users.id, userId), isNotNull(users.suspendedAt)))
			.returning({ id: users.id });
		if (reactivated.length === 0) throw new Refusal("conflict", `${target.name} is not suspended.`);
		await recordAudit(tx, actor, { action: "user.reactivated", target });
	});
}

/** What off-boarding ends, by kind. */
export interface OffboardingReport {
	/** Their own live sessions. */
	sessions: number;
	/** Live impersonations that they opened. */
	impersonationsOpened: number;
	/** Live impersonations of them by others. */
	impersonationsOf: number;
}

/** What off-boarding the person would end now. */
export async function previewOffboarding(userId: string): Promise<OffboardingReport> {
	const live = async (which: SQL | undefined) => {
		const [row] = await db.select({ count: count() }).from(sessions).where(and(which, isLive()));
		return row?.count ?? 0;
	};
	const [own, opened, of] = await Promise.all([
		live(and(eq(sessions.userId, userId), isNull(sessions.impersonatorId))),
		live(eq(sessions.impersonatorId, userId)),
		live(and(eq(sessions.userId, userId), isNotNull(sessions.impersonatorId))),
	]);
	return { sessions: own, impersonationsOpened: opened, impersonationsOf: of };
}

/** Ends all that the person has open and closes the account for good, in one act; reports what ended. */
export async function offboard(actor: Actor, userId: string, reason: string): Promise<OffboardingReport> {
	return actOnAccess(actor, "users.offboard", userId, async (fence, target) => {
		await close(fence, target, reason, null);
		const all = or(eq(sessions.userId, userId), eq(sessions.impersonatorId, userId));
		const ended = await endSessions(fence.tx, all, "offboarded", personBehind(actor));
		const theirs = ended.find((person) => person.userId === userId);
		const report = {
			sessions: theirs?.sessions ?? 0,
			impersonationsOpened: countEnded(ended.filter((person) => person.userId !== userId)),
			impersonationsOf: theirs?.impersonations ?? 0,
		};
		await recordAudit(fence.tx, actor, { action: "user.offboarded", target, reason, detail: { ...report } });
		return report;
	});
}

function actOnAccess<T>(
	actor: Actor,
	permission: "users.suspend" | "users.offboard",
	userId: string,
	act: (fence: Fence, target: LockedPerson) => Promise<T>,
): Promise<T> {
	return fenced(actor, permission, (fence) => act(fence, requireTarget(fence, userId)), {
		people: [userId],
		owners: true,
		revokes: true,
	});
}

async function close(fence: Fence, target: LockedPerson, reason: string, until: Date | null): Promise<void> {
	requireAnotherOwner(fence, target);
	await fence.tx
		.update(users)
		.set({ suspendedAt: new Date(), suspendedUntil: until, suspensionReason: reason })
		.where(eq(users.id, target.id));
}
