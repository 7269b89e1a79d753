/** Changing someone's role. It holds on their next request, without signing them out. */
import { and, eq, isNotNull, or } from "drizzle-orm";
import { z } from "zod";
import { sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { assignableRoles, roles } from "@/lib/permissions/matrix";
import { type Actor, fenced } from "@/lib/session/fence";
import { endSessions } from "@/lib/session/lifecycle";
import { personBehind, rankedActor, requireAnotherOwner, requireTarget } from "./people";

export const roleSchema = z.enum(roles, { error: "Choose one of the roles." });

/**
 * Gives the person the role. Impersonations that they opened or are in end, because either side's rank just changed.
 * Throws a Refusal "forbidden" for a role that the actor may not give, "conflict" for the last owner and for somebody whose
 * address is not verified.
 */
export async function changeRole(actor: Actor, userId: string, role: z.output<typeof roleSchema>): Promise<void> {
	await fenced(
		actor,
		"users.change-role",
		async (fence) => {
			const { tx } = fence;
			const target = requireTarget(fence, userId);
			if (target.role === role) return;
			if (!assignableRoles(rankedActor(fence), target).includes(role)) {
				throw new Refusal("forbidden", `Your role does not allow you to make someone ${role}.`);
			}
			if (role !== "user" && !target.verified) {
				throw new Refusal("conflict", `${target.name} has not proved yet that ${target.email} is theirs.`);
			}
			if (role !== "owner") requireAnotherOwner(fence, target);

			await tx.update(users).set({ role }).where(eq(users.id, userId));
			const impersonations = or(
				eq(sessions.impersonatorId, userId),
				and(eq(sessions.userId, userId), isNotNull(sessions.impersonatorId)),
			);
			await endSessions(tx, impersonations, "impersonator_gone", personBehind(actor));
			await recordAudit(tx, actor, { action: "user.role_changed", target, detail: { from: target.role, to: role } });
		},
		{ people: [userId], owners: true, revokes: true },
	);
}
