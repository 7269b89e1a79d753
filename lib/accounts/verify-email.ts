/** The last step of signing up: the link in the mail proves the mailbox, the password that it is the same person. */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { links, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { callOffLinks, findLink, useLink } from "@/lib/links/links";
import { STALE_LINK } from "@/lib/links/purposes";
import type { RequestOrigin } from "@/lib/request/origin";
import type { SessionTokens } from "@/lib/session/cookie";
import { startSession } from "@/lib/session/lifecycle";
import { retryingConflicts } from "@/lib/session/retry";
import { checkPassword } from "./check-password";
import { givenPasswordField } from "./fields";
import { endReplaced } from "./sign-in";

export const verificationSchema = z.object({ password: givenPasswordField });

/**
 * Verifies the address and begins the first session; gives its tokens. The password is asked for, because somebody else may
 * have signed up with this address, hoping that its owner clicks. Throws a Refusal "not-found" when the link does not work
 * (any more), "invalid" when the password is not the one chosen at sign-up.
 *
 * @param previous the tokens that the browser sent, whose sessions end
 */
export async function verifyEmail(
	token: string | null,
	{ password }: z.output<typeof verificationSchema>,
	origin: RequestOrigin,
	previous: SessionTokens | null,
): Promise<SessionTokens> {
	const link = await findLink("email_verification", token);
	if (!link) throw new Refusal("not-found", STALE_LINK);
	const [stored] = await db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, link.userId));
	if (!(await checkPassword({ id: link.userId, email: link.email, ...stored }, password, origin))) {
		const message = "That is not the password that was chosen when signing up.";
		throw new Refusal("invalid", message, { password: [message] });
	}
	return retryingConflicts(() =>
		db.transaction(async (tx) => {
			const { link, user } = await useLink(tx, "email_verification", token);
			const [unchanged] = await tx
				.select({ passwordHash: users.passwordHash })
				.from(users)
				.where(eq(users.id, user.id));
			if (link.email !== user.email || unchanged?.passwordHash !== stored?.passwordHash) {
				throw new Refusal("not-found", STALE_LINK);
			}
			await tx.update(users).set({ emailVerifiedAt: new Date() }).where(eq(users.id, user.id));
			await callOffLinks(tx, user.id, eq(links.purpose, "email_verification"));
			await endReplaced(tx, previous, user.id);
			const session = await startSession(tx, { userId: user.id, origin });
			await recordAudit(tx, { self: user, origin }, { action: "email.verified", target: user, sessionId: session.id });
			return { token: session.token };
		}),
	);
}
