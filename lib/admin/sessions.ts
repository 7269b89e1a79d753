/** The live sessions in the console: a filtered list that stays quick with a million, and the act on all that match. */
import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { Refusal } from "@/lib/errors";
import { PAGE_ROWS, type Page, pageOf, readCursor } from "@/lib/list/cursor";
import { firstIdAt, momentOf, networkField, pastField, searchField } from "@/lib/list/filter";
import { type Role, roles } from "@/lib/permissions/matrix";
import type { Actor } from "@/lib/session/fence";
import { isLive, lastSeenByDayOf } from "@/lib/session/live";
import { forceLogoutMatching } from "./force-logout";
import { namesSomeoneCalled } from "./users";

/** The name under which devices are found that did not say what they are. */
export const UNKNOWN_DEVICE = "unknown";

/** What the list can be asked for, as it comes in a query string. */
export const sessionFilterSchema = z
	.strictObject({
		q: searchField.describe("Words that all occur in the person's name or e-mail address."),
		userId: z.uuid({ error: "That is not the id of a person." }),
		role: z.enum(roles, { error: "There is no such role." }),
		ip: networkField,
		browser: searchField.describe("`Chrome`, `Safari`, …; `unknown` for those who did not say."),
		operatingSystem: searchField.describe("`macOS`, `Windows`, …; `unknown` for those who did not say."),
		olderThan: pastField.describe(
			"Signed in longer ago than an age (90m, 36h, 7d), or before a time (2026-01-31T09:30:00Z).",
		),
		lastSeenBefore: pastField.describe("Last seen longer ago than that, or before it; written likewise."),
		impersonations: z
			.enum(["true", "false"], { error: "Choose whether to see impersonations." })
			.describe("Only impersonations, or only people's own sessions; left out, both."),
	})
	.partial();

export type SessionFilter = z.output<typeof sessionFilterSchema>;

export interface SessionRow {
	id: string;
	user: { id: string; name: string; email: string; role: Role };
	browser: string | null;
	operatingSystem: string | null;
	/** What a native app calls its device; null for browsers. */
	appDevice: string | null;
	ip: string | null;
	authenticatedWith: "password" | "impersonation" | "identity";
	createdAt: Date;
	lastSeenAt: Date;
	expiresAt: Date;
	/** Who acts as the person in it, and why; null for people's own sessions. */
	impersonation: { by: { id: string; name: string }; reason: string | null } | null;
}

/** A page of the live sessions that match, newest first. Throws a Refusal "invalid" for a cursor of another list. */
export async function listSessions(filter: SessionFilter, cursor?: string | null): Promise<Page<SessionRow>> {
	const position = readCursor(cursor, z.uuid());
	const beyond = position && (position.back ? gt(sessions.id, position.key) : lt(sessions.id, position.key));
	const order = position?.back ? asc(sessions.id) : desc(sessions.id);
	const page = db
		.select({ id: sessions.id })
		.from(sessions)
		.where(and(await matching(filter), beyond ?? undefined))
		.orderBy(order)
		.limit(PAGE_ROWS + 1);
	// Names are looked up for the rows of the page only, whatever else matches.
	const rows = await db
		.select(columns)
		.from(sessions)
		.innerJoin(users, eq(users.id, sessions.userId))
		.leftJoin(impersonator, eq(impersonator.id, sessions.impersonatorId))
		.where(inArray(sessions.id, page))
		.orderBy(order);
	return pageOf(rows.map(toRow), position, (row) => row.id);
}

/** How many sessions match, counted up to a limit so that a large table costs no more than a small one. */
export async function countSessions(filter: SessionFilter, limit: number): Promise<{ count: number; orMore: boolean }> {
	const some = db
		.select({ id: sessions.id })
		.from(sessions)
		.where(await matching(filter))
		.limit(limit + 1)
		.as("some");
	const [row] = await db.select({ count: count() }).from(some);
	const found = row?.count ?? 0;
	return { count: Math.min(found, limit), orMore: found > limit };
}

/**
 * Forces out all sessions that match the filter and are within the actor's reach; gives how many ended. Throws a Refusal
 * "invalid" for an empty filter: to sign everyone out is another act, and an owner's.
 */
export async function forceLogoutFiltered(actor: Actor, filter: SessionFilter): Promise<number> {
	if (!Object.values(filter).some(Boolean)) throw new Refusal("invalid", "Filter the sessions first.");
	return forceLogoutMatching(actor, await matching(filter), { filter });
}

const impersonator = alias(users, "impersonator");

const columns = {
	id: sessions.id,
	user: { id: users.id, name: users.name, email: users.email, role: users.role },
	browser: sessions.browser,
	operatingSystem: sessions.operatingSystem,
	appDevice: sessions.appDevice,
	ip: sessions.ip,
	authenticatedWith: sessions.authenticatedWith,
	createdAt: sessions.createdAt,
	lastSeenAt: sessions.lastSeenAt,
	expiresAt: sessions.expiresAt,
	impersonator: { id: impersonator.id, name: impersonator.name },
	reason: sessions.impersonationReason,
};

type Selected = Omit<SessionRow, "impersonation"> & {
	impersonator: { id: string; name: string } | null;
	reason: string | null;
};

function toRow({ impersonator: by, reason, ...row }: Selected): SessionRow {
	return { ...row, impersonation: by && { by, reason } };
}

/** A condition on the table `sessions` alone, so that the list and the act on all that match agree. */
async function matching(filter: SessionFilter): Promise<SQL | undefined> {
	const { q, userId, role, ip, browser, operatingSystem, olderThan, lastSeenBefore, impersonations } = filter;
	return and(
		isLive(),
		q ? await namesSomeoneCalled(sessions.userId, q) : undefined,
		userId ? eq(sessions.userId, userId) : undefined,
		role && inArray(sessions.userId, db.select({ id: users.id }).from(users).where(eq(users.role, role))),
		ip ? sql`${sessions.ip} <<= ${ip}::inet` : undefined,
		browser ? isNamed(sessions.browser, browser) : undefined,
		operatingSystem ? isNamed(sessions.operatingSystem, operatingSystem) : undefined,
		olderThan ? startedBefore(momentOf(olderThan)) : undefined,
		lastSeenBefore ? seenBefore(momentOf(lastSeenBefore)) : undefined,
		impersonations && (impersonations === "true" ? isNotNull : isNull)(sessions.impersonatorId),
	);
}

function isNamed(column: typeof sessions.browser | typeof sessions.operatingSystem, name: string): SQL {
	return name === UNKNOWN_DEVICE ? isNull(column) : eq(column, name);
}

/** Ids sort by creation: the primary key bounds the search. */
function startedBefore(moment: Date): SQL | undefined {
	return and(lt(sessions.createdAt, moment), lt(sessions.id, firstIdAt(moment)));
}

/** A session that was last seen before then was also created before then. */
function seenBefore(moment: Date): SQL | undefined {
	const day = lastSeenByDayOf(sql`${moment.toISOString()}::timestamptz`);
	return and(lt(sessions.lastSeenAt, moment), lt(sessions.id, firstIdAt(moment)), day);
}
