/**
 * Keeps `last_seen_at`, by which the idle limit counts (OWASP ASVS 5.0, V7.3.1): at most once a minute for a session, after
 * the answer, and never by waiting for a lock. Whatever a person asks for counts; what an open tab asks by itself does not.
 */
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { log } from "@/lib/log";
import type { Session } from "./lookup";

const TOUCH_INTERVAL_SECONDS = 60;

/**
 * Notes that the session was just seen, and the admin's own session behind an impersonation too. Returns at once; the
 * write happens in the background, and a failure of it costs nothing but freshness.
 */
export function touch(session: Pick<Session, "id" | "impersonator" | "lastSeenAt">): void {
	if (Date.now() - session.lastSeenAt.getTime() < TOUCH_INTERVAL_SECONDS * 1000) return;
	// SKIP LOCKED: a session that a write or a revocation holds right now is touched by a later request instead.
	db.execute(sql`
		update sessions set last_seen_at = now(), last_seen_on = (now() at time zone 'utc')::date
		where id in (
			select id from sessions
			where id in (${session.id}, ${session.impersonator?.sessionId ?? session.id})
				and last_seen_at < now() - make_interval(secs => ${TOUCH_INTERVAL_SECONDS})
			for no key update skip locked
		)
	`).catch((error) => log.warn({ error, session: session.id }, "a session could not be touched"));
}
