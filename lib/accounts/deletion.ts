/**
 * Deleting an account, by its person or by an owner. The person's row goes, and with it name, address and password; what
 * stays, and why, is in docs/decisions/0015. Their sessions end first, so that every browser can still say what happened.
 */
import { eq, or } from "drizzle-orm";
import { z } from "zod";
import { endedSessions, sessions, users } from "@/db/schema";
import { personBehind, requireAnotherOwner, requireTarget } from "@/lib/admin/people";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { rememberErased } from "@/lib/identities/erased";
import { type Actor, type Fence, fenced, type LockedPerson } from "@/lib/session/fence";
import { countEnded, endSessions } from "@/lib/session/lifecycle";
import type { Session } from "@/lib/session/lookup";
import { emailField } from "./fields";

export const accountDeletionSchema = z.object({
	/** The person's own, typed: nobody deletes an account by a slip. */
	email: emailField,
});

/**
 * Deletes the account of the session's person; gives how many sessions ended. Throws a Refusal "invalid" when the address
 * is not theirs, "conflict" for the last owner.
 */
export async function deleteOwnAccount(
	session: Session,
	{ email }: z.output<typeof accountDeletionSchema>,
): Promise<number> {
	return fenced(
		session,
		"account.delete",
		async (fence) => {
			const self = fence.people.get(session.user.id) as LockedPerson;
			if (self.email !== email) {
				const message = "That is not the address of this account.";
				throw new Refusal("invalid", message, { email: [message] });
			}
			const count = await erase(fence, self);
			await recordAudit(fence.tx, session, { action: "account.deleted", target: self, detail: { count } });
			return count;
		},
		{ people: [session.user.id], owners: true, revokes: true },
	);
}

/** Deletes somebody's account; gives how many sessions ended. Throws a Refusal "conflict" for the last owner. */
export async function deleteUser(actor: Actor, userId: string, reason: string): Promise<number> {
	return fenced(
		actor,
		"users.delete",
		async (fence) => {
			const target = requireTarget(fence, userId);
			const count = await erase(fence, target);
			await recordAudit(fence.tx, actor, { action: "user.deleted", target, reason, detail: { count } });
			return count;
		},
		{ people: [userId], owners: true, revokes: true },
	);
}

/** Ends the person's sessions, forgets where the past ones were, and removes the row; hashes of identities stay. */
async function erase(fence: Fence, person: LockedPerson): Promise<number> {
	const { tx, actor } = fence;
	requireAnotherOwner(fence, person);
	const ended = await endSessions(tx, eq(sessions.userId, person.id), "deleted", personBehind(actor));
	await tx
		.update(endedSessions)
		.set({ ip: null, userAgent: null, appDevice: null })
		.where(or(eq(endedSessions.userId, person.id), eq(endedSessions.impersonatorId, person.id)));
	await rememberErased(tx, person.id);
	await tx.delete(users).where(eq(users.id, person.id));
	return countEnded(ended);
}
