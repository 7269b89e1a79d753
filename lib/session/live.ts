/** What "live" and "suspended" mean, in SQL, for every query that asks. The database's clock decides, not ours. */
import { and, gt, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { sessions, users } from "@/db/schema";
import { environment } from "@/lib/environment";

/** The tables themselves, or aliases of them. */
type SessionColumns = Record<"expiresAt" | "lastSeenAt", AnyPgColumn>;
type UserColumns = Record<"suspendedAt" | "suspendedUntil", AnyPgColumn>;

/** The row is within its absolute and its idle limit (OWASP ASVS 5.0, V7.3.1 and V7.3.2). */
export function isLive(session: SessionColumns = sessions): SQL {
	return and(gt(session.expiresAt, sql`now()`), gt(session.lastSeenAt, idleSince())) as SQL;
}

/** When the first of these sessions reaches a limit, unless something happens in it; those that are null have none. */
export function firstLimit(...all: SessionColumns[]): SQL<Date> {
	const limits = all.flatMap(({ expiresAt, lastSeenAt }) => [expiresAt, sql`${lastSeenAt} + ${idleTime()}`]);
	return sql`least(${sql.join(limits, sql`, `)})`.mapWith(sessions.expiresAt) as SQL<Date>;
}

/** The moment before which a session must have been seen to have ended by inactivity. */
export function idleSince(): SQL {
	return sql`now() - ${idleTime()}`;
}

const idleTime = () => sql`make_interval(secs => ${sql.raw(String(environment().SESSION_IDLE_SECONDS))})`;

/**
 * Was last seen on the moment's day (in UTC) or before. Coarse, but indexed, unlike the moment itself: narrow a search
 * with it. The index leaves impersonations out; they are few, and have one of their own.
 */
export function lastSeenByDayOf(moment: SQL): SQL {
	const seen = sql`${sessions.lastSeenOn} <= ((${moment}) at time zone 'utc')::date`;
	return or(and(isNull(sessions.impersonatorId), seen), isNotNull(sessions.impersonatorId)) as SQL;
}

/** The person is suspended right now; a suspension with an end lifts by itself. */
export function isSuspended(user: UserColumns = users): SQL {
	return and(isNotNull(user.suspendedAt), or(isNull(user.suspendedUntil), gt(user.suspendedUntil, sql`now()`))) as SQL;
}
