/** Proving again who one is. The proof rotates the session's token, so a copied cookie dies with it (ASVS 5.0, V7.2.4). */
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { links, sessions } from "@/db/schema";
import { hashOfOwnPassword } from "@/lib/accounts/check-password";
import { givenPasswordField } from "@/lib/accounts/fields";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { callOffLinks } from "@/lib/links/links";
import type { SessionTokens } from "./cookie";
import { fenced } from "./fence";
import type { Session } from "./lookup";
import { hashToken, newToken } from "./token";

export const proofSchema = z.object({ password: givenPasswordField });

/**
 * Checks the password of the session's person; gives the tokens that replace the old ones in the cookie. Of several
 * proofs with the same old token one succeeds: the others came with a token that is no longer good.
 */
export async function proveIdentity(
	session: Session,
	{ password }: z.output<typeof proofSchema>,
): Promise<SessionTokens> {
	const { id } = session.user;
	if (!(await hashOfOwnPassword(session, "identity.prove", password))) {
		const message = "That is not your password.";
		throw new Refusal("invalid", message, { password: [message] });
	}
	return fenced(
		session,
		"identity.prove",
		async ({ tx }) => {
			const tokens = await newProof(tx, session);
			await recordAudit(tx, session, { action: "session.proven", sessionId: session.id });
			return tokens;
		},
		{ people: [id] },
	);
}

/**
 * Notes inside of the fence that they just proved who they are, under a new token; the old one opens nothing any more, and
 * what was begun with it and could still take the account along is called off. The person's row is locked.
 */
export async function newProof(tx: Transaction, { id, user }: Session): Promise<SessionTokens> {
	await callOffLinks(tx, user.id, and(eq(links.purpose, "email_change"), eq(links.sessionId, id)));
	const token = newToken();
	const proven = { tokenHash: hashToken(token), authenticatedAt: new Date() };
	await tx.update(sessions).set(proven).where(eq(sessions.id, id));
	return { token };
}
