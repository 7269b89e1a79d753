/**
 * Sign-outs at providers that overtake a sign-in which is on its way: the session that they are about has not begun here, and
 * maybe not even the identity is known. They are remembered for as long as a visit may take, so that it begins none.
 */
import { createHash } from "node:crypto";
import { and, gte, inArray, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { usedAssertions } from "@/db/schema";
import type { ProvenIdentity } from "./answer";
import { VISIT_SECONDS } from "./visit";

/** Who signed out, of which session: at least one of them is known. */
interface Whose {
	issuer: string;
	subject?: string | null;
	sid?: string | null;
}

/**
 * Lets one of several that are about the same identity, or the same session of the provider, go first: two first visits, or
 * a visit and a sign-out. Whoever waited sees what the other did. The identity comes first for all, so that none blocks another.
 */
export async function lockIdentity(tx: Transaction, whose: Whose): Promise<void> {
	for (const name of namesOf(whose)) {
		await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
	}
}

/** Takes note of a sign-out, under the lock. */
export async function noteSignOut(tx: Transaction, whose: Whose): Promise<void> {
	const expiresAt = sql`clock_timestamp() + make_interval(secs => ${VISIT_SECONDS})`;
	for (const hash of hashesOf(whose)) {
		await tx
			.insert(usedAssertions)
			.values({ hash, expiresAt })
			.onConflictDoUpdate({ target: usedAssertions.hash, set: { expiresAt } });
	}
}

/** Whether they have signed out there since a visit began. Ask under the lock. */
export async function hasSignedOut(tx: Transaction, proven: ProvenIdentity, since: Date): Promise<boolean> {
	const isLater = gte(usedAssertions.expiresAt, new Date(since.getTime() + VISIT_SECONDS * 1000));
	return (await tx.$count(usedAssertions, and(inArray(usedAssertions.hash, hashesOf(proven)), isLater))) > 0;
}

const hashesOf = (whose: Whose) => namesOf(whose).map((name) => createHash("sha256").update(name).digest());

/** JSON, so that no name can be read as another one's. */
function namesOf({ issuer, subject, sid }: Whose): string[] {
	return [subject && { issuer, subject }, sid && { issuer, sid }].filter(Boolean).map((name) => JSON.stringify(name));
}
