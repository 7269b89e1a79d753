/** What happens when a cookie, or an app's token, comes back whose session is over: it is noted, once. That is the receipt. */
import { and, inArray, isNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { endedSessions, sessions } from "@/db/schema";
import type { SessionTokens } from "./cookie";
import { endPastLimits } from "./lifecycle";
import { hashTokens } from "./token";

const PATH_LIMIT_CHARACTERS = 200;

/**
 * Writes the receipt: when and on which path the ended session's cookie was first refused. A session that ran into a
 * limit is filed as ended here, if the sweeper has not come by yet.
 *
 * @param path of the refused request, without its query
 */
export async function noteRefusal(tokens: SessionTokens, path: string): Promise<void> {
	await noteRefusalOf(hashTokens(tokens), path);
}

/** The same for whatever has these hashes; gives the ids of the sessions that were refused for the first time. */
export async function noteRefusalOf(hashes: Buffer[], path: string): Promise<string[]> {
	const known = await db
		.select({ firstRefusedAt: endedSessions.firstRefusedAt })
		.from(endedSessions)
		.where(inArray(endedSessions.tokenHash, hashes));
	if (known.length === hashes.length && known.every((row) => row.firstRefusedAt)) return [];

	if (known.length < hashes.length) {
		await db.transaction((tx) => endPastLimits(tx, inArray(sessions.tokenHash, hashes)));
	}
	const noted = await db
		.update(endedSessions)
		.set({ firstRefusedAt: sql`clock_timestamp()`, firstRefusedPath: path.slice(0, PATH_LIMIT_CHARACTERS) })
		.where(and(inArray(endedSessions.tokenHash, hashes), isNull(endedSessions.firstRefusedAt)))
		.returning({ id: endedSessions.id });
	return noted.map(({ id }) => id);
}
