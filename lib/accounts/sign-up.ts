/** Creating an account, and the first session with it. */
import { z } from "zod";
import { db } from "@/db/client";
import { isUniqueViolation } from "@/db/errors";
import { users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { countAttempts, networkOf } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import type { SessionTokens } from "@/lib/session/cookie";
import { startSession } from "@/lib/session/lifecycle";
import { retryingConflicts } from "@/lib/session/retry";
import { emailField, nameField, newPasswordField } from "./fields";
import { hashPassword } from "./password";
import { endReplaced } from "./sign-in";

export const signUpSchema = z.object({ name: nameField, email: emailField, password: newPasswordField });

/**
 * Creates the account and signs it in; gives the new session's tokens. The unique index decides who got the address.
 * Throws a Refusal "conflict" when somebody has it, "too-many-attempts" when one network signs up too often.
 *
 * @param previous the tokens that the browser sent, whose sessions end
 */
export async function signUp(
	{ name, email, password }: z.output<typeof signUpSchema>,
	origin: RequestOrigin,
	previous: SessionTokens | null,
): Promise<SessionTokens> {
	await countAttempts([["sign-up-address", networkOf(origin.ip)]]);
	const passwordHash = await hashPassword(password);
	try {
		return await retryingConflicts(() =>
			db.transaction(async (tx) => {
				const [user] = await tx
					.insert(users)
					.values({ name, email, passwordHash })
					.returning({ id: users.id, name: users.name, email: users.email });
				if (!user) throw new Error("the insert gave no row");
				await endReplaced(tx, previous, user.id);
				const { id, token } = await startSession(tx, { userId: user.id, origin });
				await recordAudit(tx, { self: user, origin }, { action: "account.created", target: user, sessionId: id });
				return { token };
			}),
		);
	} catch (error) {
		if (!isUniqueViolation(error)) throw error;
		const message = "There is already an account with this e-mail address. Sign in instead.";
		throw new Refusal("conflict", message, { email: [message] });
	}
}
