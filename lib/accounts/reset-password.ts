/** A forgotten password: the link to a new one, and what using it does. Nobody but the mailbox's owner learns a thing. */
import { eq, ne } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { links, sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { countPassword, unlinkAll } from "@/lib/identities/link";
import { callOffLinks, findLink, useLink } from "@/lib/links/links";
import { STALE_LINK } from "@/lib/links/purposes";
import { sendMail } from "@/lib/mail/send";
import { countAttempts, networkOf } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import { fenced } from "@/lib/session/fence";
import { countEnded, endSessions } from "@/lib/session/lifecycle";
import type { Session } from "@/lib/session/lookup";
import { retryingConflicts } from "@/lib/session/retry";
import { askByMail } from "./asked-by-mail";
import { emailField, newPasswordField } from "./fields";
import { hashPassword } from "./password";

export const forgottenPasswordSchema = z.object({ email: emailField });

/** Asks for a link by mail. Throws a Refusal "too-many-attempts" when one network asks too often. */
export async function askForPasswordReset(
	{ email }: z.output<typeof forgottenPasswordSchema>,
	origin: RequestOrigin,
): Promise<void> {
	await countAttempts([["mail-address", networkOf(origin.ip)]]);
	await db.transaction((tx) => askByMail(tx, { for: "password-reset", email, origin }));
}

/** The same for whoever is signed in, at their own address. Throws also what the fence throws. */
export async function askForOwnPassword(session: Session): Promise<void> {
	const { user, origin } = session;
	await countAttempts([["mail-address", networkOf(origin.ip)]]);
	await fenced(session, "password.change", ({ tx }) =>
		askByMail(tx, { for: "password-reset", email: user.email, origin }),
	);
}

export const passwordResetSchema = z.object({ newPassword: newPasswordField });

/**
 * Sets the password, ends every session of the person with the impersonations of them and by them, and calls off every
 * link that could still change their account; gives how many sessions ended. It signs nobody in (OWASP ASVS 5.0, V6.4.3
 * and V7.4.3). Whoever had a password takes their account back: identities are unlinked, as one may be a stranger's. So does
 * whoever disowned a sign-in. Others who had none set their first one, and keep them. Throws a Refusal "not-found" when the
 * link does not work (any more).
 */
export async function resetPassword(
	token: string | null,
	{ newPassword }: z.output<typeof passwordResetSchema>,
	origin: RequestOrigin,
): Promise<number> {
	// Asked before the password is hashed, so that nobody makes us hash with a made-up link.
	if (!(await findLink("password_reset", token))) throw new Refusal("not-found", STALE_LINK);
	const passwordHash = await hashPassword(newPassword);
	return retryingConflicts(() =>
		db.transaction(async (tx) => {
			const { link, user } = await useLink(tx, "password_reset", token);
			// The link went to an address that is no longer theirs.
			if (link.email !== user.email) throw new Refusal("not-found", STALE_LINK);
			const hadPassword = (await countPassword(tx, user.id)) === 1;
			const emailVerifiedAt = user.emailVerifiedAt ?? new Date();
			await tx.update(users).set({ passwordHash, emailVerifiedAt }).where(eq(users.id, user.id));
			const count = countEnded(await endSessions(tx, eq(sessions.userId, user.id), "password_reset", user.id));
			const unlinked = hadPassword || link.sessionId ? await unlinkAll(tx, user.id) : 0;
			await callOffLinks(tx, user.id, ne(links.purpose, "email_change_undo"));
			const detail = { count, ...(unlinked > 0 && { unlinked }) };
			await recordAudit(tx, { self: user, origin }, { action: "password.reset", target: user, detail });
			await sendMail(tx, { kind: "password-changed", to: user, unlinked: unlinked > 0 });
			return count;
		}),
	);
}
