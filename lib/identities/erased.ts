/**
 * Identities of people who were erased. All that is kept of them is a hash, which tells the next visit that this is no
 * newcomer: to delete an account and to begin anew undoes neither a demotion nor a suspension. See decision 0021.
 */
import { createHash } from "node:crypto";
import { eq, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { erasedIdentities, identities, users } from "@/db/schema";
import { isSuspended } from "@/lib/session/live";

interface Identity {
	issuer: string;
	subject: string;
}

/** Keeps the hashes of the identities of somebody whose row is locked, and is about to be deleted. */
export async function rememberErased(tx: Transaction, userId: string): Promise<void> {
	const { suspendedAt, suspendedUntil } = users;
	const rows = await tx
		.select({ issuer: identities.issuer, subject: identities.subject, suspendedAt, suspendedUntil })
		.from(identities)
		.innerJoin(users, eq(users.id, identities.userId))
		.where(eq(users.id, userId));
	if (rows.length === 0) return;
	await tx
		.insert(erasedIdentities)
		.values(rows.map((row) => ({ ...row, hash: hashOf(row) })))
		// It began anew before, and is erased again.
		.onConflictDoUpdate({
			target: erasedIdentities.hash,
			set: { suspendedAt: sql`excluded.suspended_at`, suspendedUntil: sql`excluded.suspended_until` },
		});
}

/** What is known of an identity whose person was erased; undefined if there was none. */
export async function findErased(tx: Transaction, identity: Identity): Promise<{ suspended: boolean } | undefined> {
	const [erased] = await tx
		.select({ suspended: isSuspended(erasedIdentities) as SQL<boolean> })
		.from(erasedIdentities)
		.where(eq(erasedIdentities.hash, hashOf(identity)));
	return erased;
}

/** Neither an issuer, which is an address, nor a subject as we take it (see ./answer) has a line break in it. */
function hashOf({ issuer, subject }: Identity): Buffer {
	return createHash("sha256").update(`${issuer}\n${subject}`).digest();
}
