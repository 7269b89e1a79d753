/** What only the break-glass command line needs: finding people by address, plain lists, and the first owner. */
import { count, desc, eq, max } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { isUniqueViolation } from "@/db/errors";
import { sessions, users } from "@/db/schema";
import { normalizeEmail } from "@/lib/accounts/email";
import { emailField, nameField, newPasswordField } from "@/lib/accounts/fields";
import { hashPassword } from "@/lib/accounts/password";
import { freeAddress } from "@/lib/accounts/sign-up";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import type { Operator } from "@/lib/session/fence";
import { isLive } from "@/lib/session/live";
import { retryingConflicts } from "@/lib/session/retry";

const PEOPLE_LISTED = 100;

/** The person with this address. Throws a Refusal "not-found" when there is none. */
export async function findPersonByEmail(email: string): Promise<{ id: string; email: string }> {
	const [row] = await db
		.select({ id: users.id, email: users.email })
		.from(users)
		.where(eq(users.email, normalizeEmail(email)));
	if (!row) throw new Refusal("not-found", `Nobody has the address ${email}.`);
	return row;
}

/** Who is signed in, the most recently seen first; at most a hundred people. */
export async function listSignedIn() {
	return db
		.select({ email: users.email, role: users.role, sessions: count(), lastSeenAt: max(sessions.lastSeenAt) })
		.from(sessions)
		.innerJoin(users, eq(users.id, sessions.userId))
		.where(isLive())
		.groupBy(users.id)
		.orderBy(desc(max(sessions.lastSeenAt)))
		.limit(PEOPLE_LISTED);
}

/** One person's live sessions, the most recently seen first. */
export async function listSessionsOf(userId: string) {
	return db
		.select({
			id: sessions.id,
			browser: sessions.browser,
			operatingSystem: sessions.operatingSystem,
			appDevice: sessions.appDevice,
			ip: sessions.ip,
			createdAt: sessions.createdAt,
			lastSeenAt: sessions.lastSeenAt,
		})
		.from(sessions)
		.where(eq(sessions.userId, userId))
		.orderBy(desc(sessions.lastSeenAt));
}

export const ownerSchema = z.object({ name: nameField, email: emailField, password: newPasswordField });

/** Creates an owner: how the first one comes to be. Throws a Refusal "conflict" when the address is taken. */
export async function createOwner(
	operator: Operator,
	{ name, email, password }: z.output<typeof ownerSchema>,
): Promise<void> {
	const passwordHash = await hashPassword(password);
	try {
		await retryingConflicts(() =>
			db.transaction(async (tx) => {
				// The operator vouches for the address, and whoever signed up with it before has proved nothing.
				await freeAddress(tx, email);
				const [owner] = await tx
					.insert(users)
					.values({ name, email, passwordHash, role: "owner", emailVerifiedAt: new Date() })
					.returning({ id: users.id, name: users.name, email: users.email });
				if (!owner) throw new Error("the insert gave no row");
				await recordAudit(tx, operator, { action: "account.created", target: owner, detail: { role: "owner" } });
			}),
		);
	} catch (error) {
		if (!isUniqueViolation(error)) throw error;
		throw new Refusal("conflict", `${email} has an account already: npm run admin -- make-owner ${email}`);
	}
}
