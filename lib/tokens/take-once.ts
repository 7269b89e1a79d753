/** Tokens that are good for one use: an assertion of a service, a logout token. Whoever copies one comes too late. */
import { createHash } from "node:crypto";
import { lt, sql } from "drizzle-orm";
import { db, type Transaction } from "@/db/client";
import { usedAssertions } from "@/db/schema";

/**
 * Takes note of a token; false when it was taken before, also at the same moment by another instance. In a transaction it is
 * taken once that is committed: what the token is good for, and that it was used, happen together or not at all.
 *
 * @param maker who made it, as nobody else can call themselves
 * @param expires in seconds; until then it is remembered, and a while longer
 */
export async function takeOnce(
	tx: Pick<Transaction, "insert">,
	maker: string,
	jti: string,
	expires: number,
): Promise<boolean> {
	const hash = createHash("sha256").update(`${maker}\n${jti}`).digest();
	const taken = await tx
		.insert(usedAssertions)
		.values({ hash, expiresAt: new Date(expires * 1000) })
		.onConflictDoNothing()
		.returning({ hash: usedAssertions.hash });
	return taken.length === 1;
}

/** Forgets what has expired; a minute late, because the clocks of those who check them differ. */
export async function sweepTaken(): Promise<void> {
	await db.delete(usedAssertions).where(lt(usedAssertions.expiresAt, sql`now() - interval '1 minute'`));
}
