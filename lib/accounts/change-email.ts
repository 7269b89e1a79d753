/**
 * A new e-mail address: proved at the new one, told to the old one, which can undo it (OWASP ASVS 5.0, V6.3.7). The unique
 * index decides who gets an address, and only at the moment of the proof: asking for one tells nobody whether it is taken.
 */
import { and, eq, gt, ne, or, sql } from "drizzle-orm";
import { z } from "zod";
import { db, type Transaction } from "@/db/client";
import { isUniqueViolation } from "@/db/errors";
import { links, sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { unlinkAll } from "@/lib/identities/link";
import { callOffLinks, createLink, useLink } from "@/lib/links/links";
import { STALE_LINK } from "@/lib/links/purposes";
import { sendMail } from "@/lib/mail/send";
import { countAttempts, networkOf } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import { fenced } from "@/lib/session/fence";
import { countEnded, endSessions } from "@/lib/session/lifecycle";
import { isLive } from "@/lib/session/live";
import type { Session } from "@/lib/session/lookup";
import { retryingConflicts } from "@/lib/session/retry";
import { sendPasswordReset } from "./asked-by-mail";
import { emailField } from "./fields";
import { freeAddress } from "./sign-up";

export const emailChangeSchema = z.object({ newEmail: emailField });

/**
 * Mails a link to the new address; an earlier one is called off. Throws a Refusal "invalid" for the address that they have,
 * "too-many-attempts" when one mailbox or one network gets too many.
 */
export async function askForEmailChange(
	session: Session,
	{ newEmail }: z.output<typeof emailChangeSchema>,
): Promise<void> {
	const { user } = session;
	if (newEmail === user.email) {
		const message = "That is your address already.";
		throw new Refusal("invalid", message, { newEmail: [message] });
	}
	await countAttempts([
		["mail-address", networkOf(session.origin.ip)],
		["mail-account", "email-change", user.id],
		["mail-account", "email-change", newEmail],
	]);
	await fenced(
		session,
		"email.change",
		async ({ tx }) => {
			await callOffLinks(tx, user.id, eq(links.purpose, "email_change"));
			const link = { purpose: "email_change", userId: user.id, email: newEmail, sessionId: session.id } as const;
			const linkId = await createLink(tx, link);
			await sendMail(tx, { kind: "confirm-email-change", to: { name: user.name, email: newEmail }, linkId });
			await recordAudit(tx, session, {
				action: "email.change_requested",
				target: user,
				detail: { from: user.email, to: newEmail },
			});
		},
		{ people: [user.id] },
	);
}

/** Calls the change off that waits for its proof. */
export async function cancelEmailChange(session: Session): Promise<void> {
	await fenced(session, "email.change", ({ tx }) =>
		callOffLinks(tx, session.user.id, eq(links.purpose, "email_change")),
	);
}

/** The address that waits for its proof, or null. */
export async function pendingEmail(session: Session): Promise<string | null> {
	const [row] = await db
		.select({ email: links.email })
		.from(links)
		.where(
			and(
				eq(links.userId, session.user.id),
				eq(links.purpose, "email_change"),
				eq(links.sessionId, session.id),
				gt(links.expiresAt, sql`now()`),
			),
		);
	return row?.email ?? null;
}

/**
 * Changes the address, and ends every session but the one that asked: that one must still live, so that whoever was signed
 * out meanwhile can no longer take the account along. Gives how many sessions ended. Throws a Refusal "not-found" when the
 * link does not work (any more), "conflict" when somebody has the address.
 */
export async function confirmEmailChange(token: string | null, origin: RequestOrigin): Promise<number> {
	try {
		return await retryingConflicts(() =>
			db.transaction(async (tx) => {
				const { link, user } = await useLink(tx, "email_change", token);
				const { email, sessionId } = link;
				if (!sessionId || !(await isStillSignedIn(tx, sessionId, user.id))) throw new Refusal("not-found", STALE_LINK);
				await freeAddress(tx, email);
				await tx.update(users).set({ email, emailVerifiedAt: new Date() }).where(eq(users.id, user.id));
				const others = and(eq(sessions.userId, user.id), ne(sessions.id, sessionId));
				const count = countEnded(await endSessions(tx, others, "email_changed", user.id));
				await callOffLinks(tx, user.id, ne(links.purpose, "email_change_undo"));
				const detail = { count, from: user.email, to: email };
				await recordAudit(tx, { self: user, origin }, { action: "email.changed", target: { ...user, email }, detail });
				const undo = { purpose: "email_change_undo", userId: user.id, email: user.email } as const;
				await sendMail(tx, { kind: "email-changed", to: user, linkId: await createLink(tx, undo), newEmail: email });
				return count;
			}),
		);
	} catch (error) {
		throw isUniqueViolation(error) ? new Refusal("conflict", "There is already an account with this address.") : error;
	}
}

/** The session that asked is there; locked, so that whatever ends it waits, and then finds the link used. */
async function isStillSignedIn(tx: Transaction, sessionId: string, userId: string): Promise<boolean> {
	const rows = await tx
		.select({ id: sessions.id })
		.from(sessions)
		.where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isLive()))
		.for("share");
	return rows.length === 1;
}

/**
 * Gives the account its old address back, ends every session, and lets nobody in until a new password was chosen, for which
 * it mails a link: whoever changed the address knew the old one. Undo links that are older stay good, younger ones do not.
 * Throws a Refusal "not-found" when the link does not work (any more), "conflict" when somebody else has the address now.
 */
export async function undoEmailChange(token: string | null, origin: RequestOrigin): Promise<void> {
	try {
		await retryingConflicts(() =>
			db.transaction(async (tx) => {
				const { link, user } = await useLink(tx, "email_change_undo", token);
				const restored = { ...user, email: link.email };
				await freeAddress(tx, link.email);
				await tx
					.update(users)
					.set({ email: link.email, emailVerifiedAt: new Date(), passwordHash: null })
					.where(eq(users.id, user.id));
				const count = countEnded(await endSessions(tx, eq(sessions.userId, user.id), "email_changed", user.id));
				await unlinkAll(tx, user.id);
				await callOffLinks(tx, user.id, or(ne(links.purpose, "email_change_undo"), gt(links.id, link.id)));
				const detail = { count, from: user.email, to: link.email };
				const event = { action: "email.change_undone", target: restored, detail } as const;
				await recordAudit(tx, { self: restored, origin }, event);
				await sendPasswordReset(tx, restored, "undone");
			}),
		);
	} catch (error) {
		throw isUniqueViolation(error) ? new Refusal("conflict", "Somebody else has this address by now.") : error;
	}
}
