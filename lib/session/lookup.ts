/**
 * The question that every request asks: whose session is this, right now? One prepared statement answers it from the
 * live rows. Nothing is cached: remove the row, and the next request fails.
 */
import { and, eq, isNotNull, isNull, not, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { pipelined } from "@/db/pipeline";
import { processWide } from "@/db/process-wide";
import { sessions, users } from "@/db/schema";
import { Refusal } from "@/lib/errors";
import { logOutage } from "@/lib/outage";
import { mayImpersonate, type Role } from "@/lib/permissions/matrix";
import type { RequestOrigin } from "@/lib/request/origin";
import type { SessionTokens } from "./cookie";
import { type Identity, identityOf } from "./identity";
import { firstLimit, isLive, isSuspended } from "./live";
import type { RefreshHashes } from "./refresh-token";
import { hashToken } from "./token";

/** How long a request waits for the database before it is answered 503. */
const LOOKUP_TIMEOUT_MS = 3_000;

export interface Person {
	id: string;
	name: string;
	email: string;
	role: Role;
}

/** A live session, as of the moment of the look-up. */
export interface Session {
	id: string;
	user: Person;
	/** The admin behind it, when this is an impersonation. */
	impersonator: (Person & { sessionId: string }) | null;
	createdAt: Date;
	lastSeenAt: Date;
	expiresAt: Date;
	/** When they last proved who they are. It tells the tokens of one session apart: see lib/session/fence.ts. */
	authenticatedAt: Date;
	/** Where the request that asked comes from. */
	origin: RequestOrigin;
}

/**
 * The live session behind the cookie's tokens, or null if there is none: never was, ended, past a limit, suspended.
 * Throws a Refusal "unavailable" when the database cannot be asked: no answer is never taken for the last known one.
 */
export async function findSession(tokens: SessionTokens, origin: RequestOrigin): Promise<Session | null> {
	const [row] = await withinTimeout(
		sessionByTokens().execute({
			tokenHash: hashToken(tokens.token),
			parentTokenHash: tokens.parentToken ? hashToken(tokens.parentToken) : null,
		}),
	);
	return row ? seen(row, origin) : null;
}

/** The same for an app's refresh token; null also for one that was used before. */
export async function findSessionByRefreshToken(hashes: RefreshHashes, origin: RequestOrigin): Promise<Session | null> {
	const [row] = await withinTimeout(sessionByRefreshToken().execute({ ...hashes }));
	return row ? seen(row, origin) : null;
}

/** The same for an access token, which names its session: the token has proven that we gave it to that session. */
export async function findSessionById(id: string, origin: RequestOrigin): Promise<Session | null> {
	const [row] = await withinTimeout(sessionById().execute({ id }));
	return row ? seen(row, origin) : null;
}

type Row = Awaited<ReturnType<typeof liveSessions>>[number];

function seen(row: Row, origin: RequestOrigin): Session | null {
	if (!mayGoOn(row)) return null;
	const { id, parentId, impersonator, ...rest } = row;
	return {
		...rest,
		id,
		impersonator: impersonator && parentId ? { ...impersonator, sessionId: parentId } : null,
		origin,
	};
}

/** What is known of a session that lives. */
export interface LiveSession {
	identity: Identity;
	/** When it ends if nothing more happens in it; an impersonation also with its parent. */
	endsAt: Date;
}

/** So many at a time, because requests wait behind them. */
const MANY = 200;

/** Which of these sessions live, and who they are now, by id: for what is open already and was let in by its cookie. */
export async function findLiveSessions(ids: string[]): Promise<Map<string, LiveSession>> {
	const live = new Map<string, LiveSession>();
	for (let from = 0; from < ids.length; from += MANY) {
		const which = sql`${sessions.id} = any(${sql.param(ids.slice(from, from + MANY))}::uuid[])`;
		const rows = await liveSessions(which, undefined, { endsAt: firstLimit(sessions, parent) });
		for (const row of rows.filter(mayGoOn)) live.set(row.id, { identity: identityOf(row), endsAt: row.endsAt });
	}
	return live;
}

/** An impersonation lasts no longer than the ranks of both people allow it. */
function mayGoOn({ user, impersonator }: { user: Person; impersonator: Person | null }): boolean {
	return !impersonator || mayImpersonate(impersonator, user);
}

/** Built once per process: a query that Drizzle builds anew for each call takes more than three times as long. */
const sessionByTokens = () =>
	processWide("session-by-tokens", () =>
		liveSessions(
			// A cookie opens no session of an app.
			and(eq(sessions.tokenHash, sql.placeholder("tokenHash")), isNull(sessions.refreshHash)) as SQL,
			eq(parent.tokenHash, sql.placeholder("parentTokenHash")),
		)
			.limit(1)
			.prepare("session_by_tokens"),
	);

const sessionByRefreshToken = () =>
	processWide("session-by-refresh-token", () =>
		liveSessions(
			and(
				eq(sessions.tokenHash, sql.placeholder("tokenHash")),
				eq(sessions.refreshHash, sql.placeholder("refreshHash")),
			) as SQL,
		)
			.limit(1)
			.prepare("session_by_refresh_token"),
	);

const sessionById = () =>
	processWide("session-by-id", () =>
		liveSessions(eq(sessions.id, sql.placeholder("id")))
			.limit(1)
			.prepare("session_by_id"),
	);

const parent = alias(sessions, "parent");
const impersonator = alias(users, "impersonator");

/**
 * The live sessions that match, of people who are not suspended. An impersonation is among them only with its parent, the
 * admin's own session, which must live and match too.
 *
 * @param more columns that a request has no use for
 */
function liveSessions<More extends Record<string, SQL<Date>> = Record<never, never>>(
	which: SQL,
	whichParent?: SQL,
	more?: More,
) {
	return pipelined
		.select({
			...(more as More),
			id: sessions.id,
			createdAt: sessions.createdAt,
			lastSeenAt: sessions.lastSeenAt,
			expiresAt: sessions.expiresAt,
			authenticatedAt: sessions.authenticatedAt,
			user: { id: users.id, name: users.name, email: users.email, role: users.role },
			parentId: parent.id,
			impersonator: {
				id: impersonator.id,
				name: impersonator.name,
				email: impersonator.email,
				role: impersonator.role,
			},
		})
		.from(sessions)
		.innerJoin(users, eq(users.id, sessions.userId))
		.leftJoin(parent, and(eq(parent.id, sessions.parentSessionId), whichParent, isLive(parent)))
		.leftJoin(impersonator, and(eq(impersonator.id, parent.userId), not(isSuspended(impersonator))))
		.where(
			and(
				which,
				isLive(sessions),
				not(isSuspended(users)),
				or(isNull(sessions.parentSessionId), isNotNull(impersonator.id)),
			),
		)
		.$dynamic();
}

/** Gives the database's answer. Throws a Refusal "unavailable" when there is none, or none in time. */
export async function withinTimeout<T>(answer: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const timeout = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error("the database did not answer in time")), LOOKUP_TIMEOUT_MS);
	});
	try {
		return await Promise.race([answer, timeout]);
	} catch (cause) {
		logOutage(cause);
		throw Object.assign(new Refusal("unavailable", "The database cannot be reached. Try again in a moment."), {
			cause,
		});
	} finally {
		clearTimeout(timer);
	}
}
