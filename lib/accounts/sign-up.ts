/**
 * Creating an account. Whether the address is free, only a mail to it tells: the form says the same to everyone, or any
 * stranger could learn who has an account. The first session begins when the address is verified. See decision 0013.
 */
import { and, isNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { countAttempts, networkOf } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import { askByMail } from "./asked-by-mail";
import { emailField, nameField, newPasswordField } from "./fields";
import { hashPassword } from "./password";

export const signUpSchema = z.object({ name: nameField, email: emailField, password: newPasswordField });

/**
 * Creates the account unless somebody has the address, which the unique index decides, and has the answer mailed to it: a
 * link to verify it, or how to sign in to the account that there is. Throws a Refusal "too-many-attempts" when one network
 * signs up too often.
 */
export async function signUp(
	{ name, email, password }: z.output<typeof signUpSchema>,
	origin: RequestOrigin,
): Promise<void> {
	await countAttempts([["sign-up-address", networkOf(origin.ip)]]);
	const passwordHash = await hashPassword(password);
	await db.transaction(async (tx) => {
		const [user] = await tx
			.insert(users)
			.values({ name, email, passwordHash })
			.onConflictDoNothing({ target: users.email })
			.returning({ id: users.id, name: users.name, email: users.email });
		// Recorded either way, which takes the same time.
		const action = user ? ("account.created" as const) : ("sign_up.refused" as const);
		await recordAudit(tx, user ? { self: user, origin } : { anonymous: "visitor", origin }, { action, target: user });
		await askByMail(tx, { for: "sign-up", email, origin });
	});
}

/** Longer than a mail waits for its mail server, and its link then lives. */
const UNVERIFIED_DAYS = 14;

/** Forgets accounts whose address nobody verified, so that nobody holds an address that is not theirs for long. */
export async function sweepUnverified(): Promise<void> {
	const tooOld = lt(users.createdAt, sql`now() - make_interval(days => ${UNVERIFIED_DAYS})`);
	await db.delete(users).where(and(isNull(users.emailVerifiedAt), tooOld));
}
