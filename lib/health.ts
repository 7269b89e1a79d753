/** Whether this server can do its work. */
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { pipelined } from "@/db/pipeline";
import { withinTimeout } from "@/lib/session/lookup";

/** Throws a Refusal "unavailable" when the database does not answer, be it on the pool or where sessions are looked up. */
export async function requireDatabase(): Promise<void> {
	await withinTimeout(Promise.all([db, pipelined].map((connection) => connection.execute(sql`select 1`))));
}
