/** People as rows of the console: who they are, how many sessions they have right now, and when they were last seen. */
import { and, count, desc, eq, inArray, isNull, max, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { endedSessions, sessions, users } from "@/db/schema";
import type { Role } from "@/lib/permissions/matrix";
import { isLive, isSuspended } from "@/lib/session/live";

export interface UserRow {
	id: string;
	name: string;
	email: string;
	role: Role;
	status: "active" | "suspended";
	/** How many sessions of their own are live; impersonations of them are not theirs. */
	sessions: number;
	/** When one of their own sessions was last used; null for never. */
	lastSeenAt: Date | null;
	createdAt: Date;
}

/** What to select from the table `users` for a row. */
export const profileColumns = {
	id: users.id,
	name: users.name,
	email: users.email,
	role: users.role,
	status: sql<UserRow["status"]>`case when ${isSuspended()} then 'suspended' else 'active' end`,
	createdAt: users.createdAt,
};

type Profile = Omit<UserRow, "sessions" | "lastSeenAt">;

/** How many live sessions each has and when they were last seen: looked up for the rows of one page only. */
export async function withPresence(profiles: Profile[]): Promise<UserRow[]> {
	if (profiles.length === 0) return [];
	const live = db
		.select({ count: count().as("count"), seenAt: max(sessions.lastSeenAt).as("live_seen_at") })
		.from(sessions)
		.where(and(eq(sessions.userId, users.id), isNull(sessions.impersonatorId), isLive()))
		.as("live");
	const latestEnded = db
		.select({ lastSeenAt: endedSessions.lastSeenAt })
		.from(endedSessions)
		.where(and(eq(endedSessions.userId, users.id), isNull(endedSessions.impersonatorId)))
		.orderBy(desc(endedSessions.endedAt), desc(endedSessions.id))
		.limit(ENDED_SESSIONS_CONSIDERED)
		.as("latest_ended");
	const ended = db
		.select({ seenAt: max(latestEnded.lastSeenAt).as("ended_seen_at") })
		.from(latestEnded)
		.as("ended");
	const presence = await db
		.select({
			id: users.id,
			sessions: live.count,
			lastSeenAt: sql<Date | null>`greatest(${live.seenAt}, ${ended.seenAt})`.mapWith(sessions.lastSeenAt),
		})
		.from(users)
		.leftJoinLateral(live, sql`true`)
		.leftJoinLateral(ended, sql`true`)
		.where(
			inArray(
				users.id,
				profiles.map(({ id }) => id),
			),
		);
	const byId = new Map(presence.map((row) => [row.id, row]));
	return profiles.map((profile) => ({ ...profile, sessions: 0, lastSeenAt: null, ...byId.get(profile.id) }));
}

/** Enough to find when someone was last seen, without reading all of a long history. */
const ENDED_SESSIONS_CONSIDERED = 20;
