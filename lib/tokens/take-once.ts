/** Tokens that are good for one use: an assertion of a service, a logout token. Whoever copies one comes too late. */
import { createHash } from "node:crypto";
import { lt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { usedAssertions } from "@/db/schema";

/**
 * Takes note of a token; false when it was taken before, also at the same moment by another instance.
 *
 * @param maker who made it, as nobody else can call themselves
 * @param expires in seconds; until then it is remembered, and a while longer
 */
export async function takeOnce(maker: string, jti: string, expires: number): Promise<boolean> {
	await db.delete(usedAssertions).where(lt(usedAssertions.expiresAt, sql`now() - interval '1 minute'`));
	const hash = createHash("sha256").update(`${maker}\n${jti}`).digest();
	const taken = await db
		.insert(usedAssertions)
		.values({ hash, expiresAt: new Date(expires * 1000) })
		.onConflictDoNothing()
		.returning({ hash: usedAssertions.hash });
	return taken.length === 1;
}
