/** What only the break-glass command line needs: finding people by address, plain lists, and the first owner. */
import { and, count, desc, eq, max, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
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

/** Who is signed in, the most recently seen first; not all when they are many, but how many more there are. */
export async function listSignedIn(limit = PEOPLE_LISTED) {
	const rows = await db
		.select({
			email: users.email,
			role: users.role,
			sessions: count(),
			lastSeenAt: max(sessions.lastSeenAt),
			// Counted after the grouping and before the limit.
			all: sql<number>`count(*) over ()`.mapWith(Number),
		})
		.from(sessions)
		.innerJoin(users, eq(users.id, sessions.userId))
		.where(isLive())
		.groupBy(users.id)
		.orderBy(desc(max(sessions.lastSeenAt)))
		.limit(limit);
	return { people: rows.map(({ all, ...person }) => person), more: (rows[0]?.all ?? 0) - rows.length };
}

const impersonator = alias(users, "impersonator");

/** One person's live sessions, the most recently seen first, and who acts as them in it if somebody does. */
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
			impersonator: impersonator.email,
		})
		.from(sessions)
		.leftJoin(impersonator, eq(impersonator.id, sessions.impersonatorId))
		.where(and(eq(sessions.userId, userId), isLive()))
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
