/** The numbers on the console's first page. Each is one walk along an index, also with a million sessions. */
import { and, count, eq, gt, gte, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import { db } from "@/db/client";
import { endedSessions, sessions, users } from "@/db/schema";
import type { AuditAction } from "@/lib/audit/actions";
import { firstIdAt } from "@/lib/list/filter";
import { allows, type Role, roles } from "@/lib/permissions/matrix";
import type { EndReason } from "@/lib/session/lifecycle";

export const OVERVIEW_DAYS = 14;
const MILLISECONDS_PER_DAY = 86_400_000;

/** What happened on one day, in UTC. */
export interface OverviewDay {
	/** The day's first moment. */
	at: Date;
	signIns: number;
	failedSignIns: number;
	/** How many sessions an administrator ended, one by one or all at once. */
	forcedLogouts: number;
}

export interface Overview {
	/** How many sessions are live, impersonations included. */
	liveSessions: number;
	/** How many of them are impersonations. */
	impersonations: number;
	/** People's own live sessions by role, the highest first. */
	sessionsByRole: { role: Role; count: number }[];
	/** How many people used the product today, in whatever session, as themselves. */
	peopleActiveToday: number;
	/** The last days, today at the end. */
	days: OverviewDay[];
}

/** What the overview shows, as of now. */
export async function readOverview(now = new Date()): Promise<Overview> {
	const midnight = now.getTime() - (now.getTime() % MILLISECONDS_PER_DAY);
	const days = Array.from(
		{ length: OVERVIEW_DAYS },
		(_, index) => new Date(midnight - (OVERVIEW_DAYS - 1 - index) * MILLISECONDS_PER_DAY),
	);
	const [liveSessions, impersonations, staff, peopleActiveToday, signIns, failedSignIns, forcedLogouts] =
		await Promise.all([
			countLiveSessions(),
			countImpersonations(),
			countStaffSessions(),
			countPeopleActiveOn(new Date(midnight)),
			countEventsByDay("session.started", days),
			countEventsByDay("sign_in.failed", days),
			countEndedByDay(["forced", "forced_for_all"], days),
		]);
	const ofStaff = [...staff.values()].reduce((sum, count) => sum + count, 0);
	staff.set("user", Math.max(0, liveSessions - impersonations - ofStaff));
	return {
		liveSessions,
		impersonations,
		sessionsByRole: roles.toReversed().map((role) => ({ role, count: staff.get(role) ?? 0 })),
		peopleActiveToday,
		days: days.map((at, index) => ({
			at,
			signIns: signIns[index] ?? 0,
			failedSignIns: failedSignIns[index] ?? 0,
			forcedLogouts: forcedLogouts[index] ?? 0,
		})),
	};
}

/** Those that ran into the idle limit are counted until the sweeper comes by, a minute later: they have no index. */
const isUnexpired = gt(sessions.expiresAt, sql`now()`);

async function countLiveSessions(): Promise<number> {
	const [row] = await db.select({ count: count() }).from(sessions).where(isUnexpired);
	return row?.count ?? 0;
}

async function countImpersonations(): Promise<number> {
	const impersonations = and(isNotNull(sessions.impersonatorId), isUnexpired);
	const [row] = await db.select({ count: count() }).from(sessions).where(impersonations);
	return row?.count ?? 0;
}

const staffRoles = roles.filter((role) => allows(role, "console.view"));

/** Of the people with a role in the console. Counting everyone else's too would read every row. */
async function countStaffSessions(): Promise<Map<Role, number>> {
	const rows = await db
		.select({ role: users.role, count: count() })
		.from(users)
		.innerJoin(sessions, eq(sessions.userId, users.id))
		.where(and(inArray(users.role, staffRoles), isNull(sessions.impersonatorId), isUnexpired))
		.groupBy(users.role);
	return new Map(rows.map(({ role, count }) => [role, count]));
}

async function countPeopleActiveOn(midnight: Date): Promise<number> {
	const day = midnight.toISOString().slice(0, 10);
	const seenLive = db
		.select({ userId: sessions.userId })
		.from(sessions)
		.where(and(gte(sessions.lastSeenOn, day), isNull(sessions.impersonatorId)));
	const seenBeforeTheEnd = db
		.select({ userId: sql<string>`${endedSessions.userId}` })
		.from(endedSessions)
		.where(
			and(
				gte(endedSessions.endedAt, midnight),
				gte(endedSessions.lastSeenAt, midnight),
				isNull(endedSessions.impersonatorId),
				isNotNull(endedSessions.userId),
			),
		);
	const seen = unionAll(seenLive, seenBeforeTheEnd).as("seen");
	const people = db.selectDistinct({ userId: seen.userId }).from(seen).as("people");
	const [row] = await db.select({ count: count() }).from(people);
	return row?.count ?? 0;
}

/** How many events of a kind there were on each of the days. Ids sort by time, so each day is a range of the index. */
async function countEventsByDay(action: AuditAction, days: Date[]): Promise<number[]> {
	const bounds = [...days, new Date((days.at(-1)?.getTime() ?? 0) + MILLISECONDS_PER_DAY)].map(firstIdAt);
	const { rows } = await db.execute<{ count: number }>(sql`
		select events.count::int as count
		from unnest(${sql.param(bounds.slice(0, -1))}::uuid[], ${sql.param(bounds.slice(1))}::uuid[])
			with ordinality as days(first, next, position)
		cross join lateral (
			select count(*) from audit_events where action = ${action} and id >= days.first and id < days.next
		) as events
		order by days.position
	`);
	return rows.map((row) => row.count);
}

async function countEndedByDay(reasons: EndReason[], days: Date[]): Promise<number[]> {
	const day = sql<string>`(${endedSessions.endedAt} at time zone 'utc')::date::text`;
	const rows = await db
		.select({ day, count: count() })
		.from(endedSessions)
		.where(and(inArray(endedSessions.endReason, reasons), gte(endedSessions.endedAt, days[0] ?? new Date())))
		.groupBy(day);
	const counts = new Map(rows.map((row) => [row.day, row.count]));
	return days.map((at) => counts.get(at.toISOString().slice(0, 10)) ?? 0);
}
