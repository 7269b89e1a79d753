/** The main job: signing people out. When these functions return, the sessions are over on every instance. */
import { and, eq, inArray, ne, type SQL } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { recordAudit, recordAudits } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { rolesBelow } from "@/lib/permissions/matrix";
import { type Actor, type Fence, fenced } from "@/lib/session/fence";
import { countEnded, type Ended, endSessions } from "@/lib/session/lifecycle";
import { personBehind, rankedActor, requireTarget } from "./people";

/**
 * Forces these sessions out; gives how many ended. Sessions of people on whom the actor may not act are left alone.
 * Throws a Refusal "not-found" when none of them was there to end.
 */
export async function forceLogout(actor: Actor, sessionIds: string[]): Promise<number> {
	// Not all their ids: each of a thousand people gets an event, and would get a thousand ids.
	const detail = sessionIds.length === 1 ? { sessionIds } : { chosen: sessionIds.length };
	const count = await forceLogoutMatching(actor, inArray(sessions.id, sessionIds), detail);
	if (count === 0) throw new Refusal("not-found", "Already signed out, or not yours to sign out.");
	return count;
}

/**
 * Forces out every session that matches and on whose person the actor may act; gives how many ended.
 *
 * @param which a condition on the table `sessions`
 * @param detail what the audit log says about the choice
 */
export async function forceLogoutMatching(
	actor: Actor,
	which: SQL | undefined,
	detail: Record<string, unknown>,
): Promise<number> {
	return fenced(
		actor,
		"sessions.force-logout",
		async (fence) => {
			return forceOut(fence, and(which, withinReach(fence)), detail);
		},
		{ revokes: true },
	);
}

/** The same as a part of another act, whose fence says who may do it and to whom. */
export async function forceOut(fence: Fence, which: SQL | undefined, detail: Record<string, unknown>): Promise<number> {
	const ended = await endSessions(fence.tx, which, "forced", personBehind(fence.actor));
	await recordForEach(fence, ended, detail);
	return countEnded(ended);
}

/** Forces out every session of one person, and the impersonations of them; gives how many ended. */
export async function forceLogoutEverywhere(actor: Actor, userId: string): Promise<number> {
	return fenced(
		actor,
		"sessions.force-logout",
		async (fence) => {
			const target = requireTarget(fence, userId);
			const ended = await endSessions(fence.tx, eq(sessions.userId, userId), "forced", personBehind(actor));
			const count = countEnded(ended);
			await recordAudit(fence.tx, actor, { action: "session.forced_out_everywhere", target, detail: { count } });
			return count;
		},
		{ people: [userId], revokes: true },
	);
}

/** Signs everyone out, except the session that asks; gives how many sessions ended. */
export async function forceLogoutAll(actor: Actor): Promise<number> {
	return fenced(
		actor,
		"sessions.end-all",
		async ({ tx }) => {
			const others = "operator" in actor ? undefined : ne(sessions.id, actor.id);
			const count = countEnded(await endSessions(tx, others, "forced_for_all", personBehind(actor)));
			await recordAudit(tx, actor, { action: "session.forced_out_all", detail: { count } });
			return count;
		},
		{ revokes: true },
	);
}

/** Sessions of people below the actor's rank, and never the actor's own: those are signed out in the settings. */
function withinReach(fence: Fence): SQL | undefined {
	const { id, role } = rankedActor(fence);
	const people = db
		.select({ id: users.id })
		.from(users)
		.where(inArray(users.role, rolesBelow(role)));
	return and(inArray(sessions.userId, people), id ? ne(sessions.userId, id) : undefined);
}

const AUDIT_BATCH_PEOPLE = 1_000;

/** One audit event for each person who lost sessions, so that each one's trail is complete. */
async function recordForEach({ tx, actor }: Fence, ended: Ended[], detail: Record<string, unknown>): Promise<void> {
	for (let start = 0; start < ended.length; start += AUDIT_BATCH_PEOPLE) {
		const batch = new Map(ended.slice(start, start + AUDIT_BATCH_PEOPLE).map((person) => [person.userId, person]));
		const people = await tx
			.select({ id: users.id, name: users.name, email: users.email })
			.from(users)
			.where(inArray(users.id, [...batch.keys()]));
		const events = people.map((target) => ({
			action: "session.forced_out" as const,
			target,
			detail: { ...detail, count: countEnded([batch.get(target.id) as Ended]) },
		}));
		await recordAudits(tx, actor, events);
	}
}
