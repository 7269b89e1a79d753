/**
 * How a session begins and how it ends. Ending is one statement that moves the row from `sessions` to `ended_sessions`;
 * there is no other way out of the table, so there is no session that ended without a reason.
 */
import { and, desc, eq, inArray, isNull, ne, not, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { endedSessions, type endReason, sessions, users } from "@/db/schema";
import { environment } from "@/lib/environment";
import { describeDevice } from "@/lib/request/device";
import type { RequestOrigin } from "@/lib/request/origin";
import { isLive } from "./live";
import { newRefreshToken, refreshHashes } from "./refresh-token";
import { hashToken, newToken } from "./token";

export type EndReason = (typeof endReason.enumValues)[number];

interface NewSession {
	userId: string;
	origin: RequestOrigin;
	/** Set for a native app: what it calls its device. Its token is a refresh token. */
	appDevice?: string;
	/** Set for a sign-in at an identity provider: the identity, the provider's session, and when it says that it asked. */
	identity?: { id: string; sid: string | null; authenticatedAt: Date | null };
	/** Set for an impersonation: the admin, the admin's own session and the reason given. */
	impersonation?: { impersonatorId: string; parentSessionId: string; reason: string };
}

/**
 * Begins a session and returns its id and its token. The token is new at every sign-in, whatever the browser sent
 * before (OWASP ASVS 5.0, V7.2.4), and this is the only moment at which anyone but the browser, or the app, knows it.
 * Sessions of the person beyond the limit end.
 */
export async function startSession(
	tx: Transaction,
	{ userId, origin, appDevice, identity, impersonation }: NewSession,
): Promise<{ id: string; token: string }> {
	const { SESSION_ABSOLUTE_SECONDS, IMPERSONATION_SECONDS } = environment();
	const token = appDevice ? newRefreshToken() : newToken();
	const now = new Date();
	const lifetimeSeconds = impersonation ? IMPERSONATION_SECONDS : SESSION_ABSOLUTE_SECONDS;
	const [row] = await tx
		.insert(sessions)
		.values({
			userId,
			tokenHash: hashToken(token),
			...refreshHashes(token),
			appDevice,
			createdAt: now,
			lastSeenAt: now,
			lastSeenOn: now.toISOString().slice(0, 10),
			expiresAt: new Date(now.getTime() + lifetimeSeconds * 1000),
			authenticatedAt: identity ? earlier(identity.authenticatedAt ?? LONG_AGO, now) : now,
			authenticatedWith: impersonation ? "impersonation" : identity ? "identity" : "password",
			identityId: identity?.id,
			providerSid: identity?.sid,
			...origin,
			...describeDevice(origin.userAgent),
			impersonatorId: impersonation?.impersonatorId,
			parentSessionId: impersonation?.parentSessionId,
			impersonationReason: impersonation?.reason,
		})
		.returning({ id: sessions.id });
	const { id } = row as { id: string };
	if (!impersonation) await endBeyondLimit(tx, { id, userId });
	return { id, token };
}

/** Somebody whom the provider knew already, without asking, has not proven anything just now. */
const earlier = (moment: Date, now: Date) => (moment < now ? moment : now);
/** When a provider asked that does not say when: nobody can tell, so it is no fresh proof. */
const LONG_AGO = new Date(0);

/**
 * Whoever signs in beyond SESSIONS_PER_USER is let in, and signed out where they were seen longest ago (OWASP ASVS 5.0,
 * V7.1.2). Impersonations do not count. The lock on the person's row lets one of two sign-ins at once wait and then count
 * the other; a caller that has locked the row already must have locked it as strongly, or the two block each other.
 */
async function endBeyondLimit(tx: Transaction, { id, userId }: { id: string; userId: string }): Promise<void> {
	await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("no key update");
	const others = and(eq(sessions.userId, userId), ne(sessions.id, id), isNull(sessions.impersonatorId), isLive());
	const beyond = await tx
		.select({ id: sessions.id })
		.from(sessions)
		.where(others)
		.orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
		.offset(environment().SESSIONS_PER_USER - 1);
	if (beyond.length === 0) return;
	const ids = beyond.map((session) => session.id);
	await endSessions(tx, inArray(sessions.id, ids), "limit_reached", null);
}

/** What ended for one person. */
export interface Ended {
	userId: string;
	/** How many of their own sessions. */
	sessions: number;
	/** How many impersonations of them. */
	impersonations: number;
}

/**
 * Ends every session that matches, and the impersonations that hang from one that does. Waits for writes that are
 * already running in those sessions (they hold a share lock, see the fence); no later one can begin.
 *
 * @param which a condition on the table `sessions`
 * @param reason the same for all, or an SQL expression over the row
 * @param endedBy the id of the person who did it; null for a limit or the command line
 * @returns a row for each person who lost a session
 */
export async function endSessions(
	tx: Transaction,
	which: SQL | undefined,
	reason: EndReason | SQL,
	endedBy: string | null,
): Promise<Ended[]> {
	// Named apart instead of joined by an `or`, which no index could serve.
	const doomed = sql`
		matching as (select ${sessions.id} from ${sessions} where ${which ?? sql`true`}),
		doomed as (
			select id from matching
			union
			select id from sessions where parent_session_id is not null and parent_session_id in (select id from matching)
		)
	`;
	// Lock first, in the order of ids, in a statement of its own: the move below then sees what the lock waited for.
	await tx.execute(sql`
		with ${doomed}
		select count(*) from (
			select id from sessions where id in (select id from doomed) order by id for update
		) as locked
	`);
	const { rows } = await tx.execute<{ userId: string; sessions: number; impersonations: number }>(sql`
		with ${doomed},
		gone as (
			delete from sessions where id in (select id from doomed) returning *
		),
		filed as (
			insert into ${endedSessions} (
				id, user_id, token_hash, created_at, last_seen_at, expires_at, ip, user_agent, browser, operating_system,
				app_device, authenticated_with, authenticated_at, impersonation_reason, parent_session_id, impersonator_id,
				ended_at, end_reason, ended_by_id
			)
			select
				id, user_id, token_hash, created_at, last_seen_at, expires_at, ip, user_agent, browser, operating_system,
				app_device, authenticated_with, authenticated_at, impersonation_reason, parent_session_id, impersonator_id,
				clock_timestamp(),
				(case when id in (select id from matching) then ${reason} else 'impersonator_gone' end)::end_reason,
				${endedBy}::uuid
			from gone
			returning user_id, impersonator_id
		)
		select
			user_id as "userId",
			count(*) filter (where impersonator_id is null)::int as sessions,
			count(*) filter (where impersonator_id is not null)::int as impersonations
		from filed
		group by user_id
	`);
	return rows;
}

/** How many sessions ended in all, impersonations included. */
export function countEnded(ended: Ended[]): number {
	return ended.reduce((sum, person) => sum + person.sessions + person.impersonations, 0);
}

/** Ends those of the matching sessions that are past their absolute or idle limit. */
export function endPastLimits(tx: Transaction, which: SQL | undefined): Promise<Ended[]> {
	const limit = sql`
		case when expires_at > now() then 'idle' when parent_session_id is null then 'expired' else 'impersonation_expired' end
	`;
	return endSessions(tx, and(which, not(isLive())), limit, null);
}
