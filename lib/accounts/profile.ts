/** What people change about themselves: their name and their password. */
import { and, eq, ne, or } from "drizzle-orm";
import { z } from "zod";
import { links, sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { callOffLinks } from "@/lib/links/links";
import { sendMail } from "@/lib/mail/send";
import type { SessionTokens } from "@/lib/session/cookie";
import { fenced } from "@/lib/session/fence";
import { countEnded, endSessions } from "@/lib/session/lifecycle";
import type { Session } from "@/lib/session/lookup";
import { newProof } from "@/lib/session/proof";
import { hashOfOwnPassword } from "./check-password";
import { givenPasswordField, nameField, newPasswordField } from "./fields";
import { hashPassword } from "./password";

export const profileSchema = z.object({ name: nameField });

/** Changes the name of the session's person. */
export async function changeProfile(session: Session, { name }: z.output<typeof profileSchema>): Promise<void> {
	await fenced(
		session,
		"profile.change",
		async ({ tx }) => {
			await tx.update(users).set({ name }).where(eq(users.id, session.user.id));
			await recordAudit(tx, session, { action: "profile.changed", target: session.user });
		},
		{ people: [session.user.id] },
	);
}

export const passwordChangeSchema = z.object({ currentPassword: givenPasswordField, newPassword: newPasswordField });

/**
 * Changes the password, ends every other session of the person and replaces this one's token: whoever had copied its
 * cookie is out as well. Identities stay linked: the person is here, and sees them in the settings. Gives how many ended
 * and the new tokens (OWASP ASVS 5.0, V6.2.3, V7.2.4 and V7.4.3). Throws a Refusal "invalid" when the current password is
 * not the one given.
 */
export async function changePassword(
	session: Session,
	{ currentPassword, newPassword }: z.output<typeof passwordChangeSchema>,
): Promise<{ ended: number; tokens: SessionTokens }> {
	const { id } = session.user;
	const currentHash = await hashOfOwnPassword(session, "password.change", currentPassword);
	if (!currentHash) {
		const message = "That is not your current password.";
		throw new Refusal("invalid", message, { currentPassword: [message] });
	}
	const passwordHash = await hashPassword(newPassword);

	return fenced(
		session,
		"password.change",
		async ({ tx }) => {
			const changed = await tx
				.update(users)
				.set({ passwordHash })
				.where(and(eq(users.id, id), eq(users.passwordHash, currentHash)))
				.returning({ id: users.id });
			if (changed.length === 0) throw new Refusal("conflict", "Your password was just changed elsewhere.");
			const others = and(eq(sessions.userId, id), ne(sessions.id, session.id));
			const count = countEnded(await endSessions(tx, others, "password_changed", id));
			// Somebody with the old password may have begun these.
			await callOffLinks(tx, id, or(eq(links.purpose, "password_reset"), eq(links.purpose, "email_change")));
			const tokens = await newProof(tx, session);
			await recordAudit(tx, session, { action: "password.changed", target: session.user, detail: { count } });
			await sendMail(tx, { kind: "password-changed", to: session.user });
			return { ended: count, tokens };
		},
		{ people: [id], revokes: true },
	);
}
