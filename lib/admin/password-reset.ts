/** A password reset by the console. An admin can have a link mailed to the person, and never chooses a password. */
import { sendPasswordReset } from "@/lib/accounts/asked-by-mail";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { countAttempts } from "@/lib/rate-limit/throttle";
import { type Actor, fenced } from "@/lib/session/fence";
import { requireTarget } from "./people";

/**
 * Mails the person a link to choose a new password; until they do, nothing changes. Throws a Refusal "conflict" for
 * suspended people, "too-many-attempts" after five within an hour.
 */
export async function sendPasswordResetTo(actor: Actor, userId: string): Promise<void> {
	await countAttempts([["mail-account", "reset-by-admin", userId]]);
	await fenced(
		actor,
		"users.send-password-reset",
		async (fence) => {
			const target = requireTarget(fence, userId);
			if (target.suspended) throw new Refusal("conflict", `${target.name} is suspended. Reactivate them first.`);
			await sendPasswordReset(fence.tx, target, "admin");
			await recordAudit(fence.tx, actor, { action: "password.reset_sent", target });
		},
		{ people: [userId] },
	);
}
