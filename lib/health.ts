/** Whether this server can do its work. */
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { withinTimeout } from "@/lib/session/lookup";

/** Throws a Refusal "unavailable" when the database does not answer. */
export async function requireDatabase(): Promise<void> {
	await withinTimeout(db.execute(sql`select 1`));
}
