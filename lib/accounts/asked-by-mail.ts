/**
 * What a stranger asks for and may learn the answer to by mail only: a new account, a new password. The request does no
 * more than put the question into a queue, so it takes the same time and says the same for known, unknown and suspended
 * people (OWASP ASVS 5.0, V6.3.8). The answer goes to the mailbox, where only its owner reads it.
 */
import { eq } from "drizzle-orm";
import { db, type Transaction } from "@/db/client";
import { enqueue } from "@/db/queue";
import { users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { createLink } from "@/lib/links/links";
import { sendMail } from "@/lib/mail/send";
import { isWithinLimits } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import { isSuspended } from "@/lib/session/live";

export interface AskedByMail {
	for: "sign-up" | "password-reset";
	email: string;
	origin: RequestOrigin;
}

/** Puts the question into the queue, in this transaction. */
export function askByMail(tx: Transaction, asked: AskedByMail): Promise<void> {
	return enqueue(tx, "asked-by-mail", asked);
}

/** Answers it, to whoever owns the mailbox; says nothing to nobody, to suspended people, or for the sixth time in an hour. */
export async function answerByMail(asked: AskedByMail): Promise<void> {
	if (!(await isWithinLimits([["mail-account", asked.for, asked.email]]))) return;
	await db.transaction(async (tx) => {
		const [user] = await tx
			.select({ ...person, verifiedAt: users.emailVerifiedAt, suspended: isSuspended() })
			.from(users)
			.where(eq(users.email, asked.email))
			.for("share");
		if (!user || user.suspended) return;
		if (asked.for === "password-reset") {
			const target = { id: user.id, name: user.name, email: user.email };
			await recordAudit(
				tx,
				{ anonymous: "visitor", origin: asked.origin },
				{ action: "password.reset_requested", target },
			);
			await sendPasswordReset(tx, target, "asked");
		} else if (user.verifiedAt) {
			await sendMail(tx, { kind: "already-registered", to: user });
		} else {
			const linkId = await createLink(tx, { purpose: "email_verification", userId: user.id, email: user.email });
			await sendMail(tx, { kind: "verify-email", to: user, linkId });
		}
	});
}

/**
 * Mails the person a link to choose a new password.
 *
 * @param disowned the session that was not theirs, if that is why
 */
export async function sendPasswordReset(
	tx: Transaction,
	{ id, name, email }: { id: string; name: string; email: string },
	because: "asked" | "admin" | "disowned" | "undone",
	disowned?: string,
): Promise<void> {
	const linkId = await createLink(tx, { purpose: "password_reset", userId: id, email, sessionId: disowned });
	await sendMail(tx, { kind: "reset-password", to: { name, email }, linkId, because });
}

const person = { id: users.id, name: users.name, email: users.email };
