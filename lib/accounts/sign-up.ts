/**
 * Creating an account. Whether the address is free, only a mail to it tells: the form says the same to everyone, or any
 * stranger could learn who has an account. The first session begins when the address is verified. See decision 0013.
 */
import { and, eq, isNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { db, type Transaction } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { countAttempts, networkOf } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import { endSessions } from "@/lib/session/lifecycle";
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

/** Nobody has proved that the address is theirs, and nobody has given them a role. */
const isUnproven = and(isNull(users.emailVerifiedAt), eq(users.role, "user"));

/** Forgets accounts whose address nobody verified, so that nobody holds an address that is not theirs for long. */
export async function sweepUnverified(): Promise<void> {
	const tooOld = lt(users.createdAt, sql`now() - make_interval(days => ${UNVERIFIED_DAYS})`);
	await db.delete(users).where(and(isUnproven, tooOld));
}

/** The same at once, for somebody who has just proved that the mailbox is theirs: signing up with it proves nothing. */
export async function freeAddress(tx: Transaction, email: string): Promise<void> {
	const columns = { id: users.id, name: users.name, email: users.email };
	const [squatter] = await tx
		.select(columns)
		.from(users)
		.where(and(eq(users.email, email), isUnproven))
		.for("update");
	if (!squatter) return;
	// There may be impersonations of it.
	await endSessions(tx, eq(sessions.userId, squatter.id), "deleted", null);
	await tx.delete(users).where(eq(users.id, squatter.id));
	const event = {
		action: "user.deleted",
		target: squatter,
		reason: "The address was proved to be somebody else’s.",
	} as const;
	await recordAudit(tx, { anonymous: "system" }, event);
}
