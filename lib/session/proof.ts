/** Proving again who one is. The proof rotates the session's token, so a copied cookie dies with it (ASVS 5.0, V7.2.4). */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { sessions } from "@/db/schema";
import { isOwnPassword } from "@/lib/accounts/check-password";
import { givenPasswordField } from "@/lib/accounts/fields";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import type { SessionTokens } from "./cookie";
import { fenced } from "./fence";
import type { Session } from "./lookup";
import { hashToken, newToken } from "./token";

export const proofSchema = z.object({ password: givenPasswordField });

/** Checks the password of the session's person; gives the tokens that replace the old ones in the cookie. */
export async function proveIdentity(
	session: Session,
	{ password }: z.output<typeof proofSchema>,
): Promise<SessionTokens> {
	const { id } = session.user;
	if (!(await isOwnPassword(session, password))) {
		const message = "That is not your password.";
		throw new Refusal("invalid", message, { password: [message] });
	}
	const token = newToken();
	await fenced(
		session,
		"identity.prove",
		async ({ tx }) => {
			const proven = { tokenHash: hashToken(token), authenticatedAt: new Date() };
			await tx.update(sessions).set(proven).where(eq(sessions.id, session.id));
			await recordAudit(tx, session, { action: "session.proven", sessionId: session.id });
		},
		{ people: [id] },
	);
	return { token };
}
