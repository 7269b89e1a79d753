/** The sessions that are over: why each ended, by whom, and its receipt. The latest end comes first. */
import { and, asc, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { db } from "@/db/client";
import { endedSessions, endReason, users } from "@/db/schema";
import { PAGE_ROWS, type Page, type Position, pageOf, readCursor } from "@/lib/list/cursor";
import { searchField } from "@/lib/list/filter";
import type { Role } from "@/lib/permissions/matrix";
import type { EndReason } from "@/lib/session/lifecycle";
import { namesSomeoneCalled } from "./users";

export const endReasons = endReason.enumValues;

/** What the list can be asked for, as it comes in a query string. */
export const endedSessionFilterSchema = z
	.strictObject({
		q: searchField.describe("Words that all occur in the person's name or e-mail address."),
		userId: z.uuid({ error: "That is not the id of a person." }),
		by: searchField.describe("Words that all occur in the name or e-mail address of whoever ended it."),
		endedById: z.uuid({ error: "That is not the id of a person." }),
		reason: z.enum(endReasons, { error: "There is no such reason." }),
	})
	.partial();

export type EndedSessionFilter = z.output<typeof endedSessionFilterSchema>;

export interface EndedSessionRow {
	id: string;
	/** Null when the person's account is gone. */
	user: { id: string; name: string; email: string; role: Role } | null;
	browser: string | null;
	operatingSystem: string | null;
	/** What a native app calls its device; null for browsers. */
	appDevice: string | null;
	ip: string | null;
	authenticatedWith: "password" | "impersonation" | "identity";
	createdAt: Date;
	lastSeenAt: Date;
	endedAt: Date;
	reason: EndReason;
	/** Null when nobody ended it (it ran into a limit), the command line did, or someone whose account is gone. */
	endedBy: { id: string; name: string } | null;
	/** Who acted as the person in it (null when that account is gone), and why; null for people's own sessions. */
	impersonation: { by: { id: string; name: string } | null; reason: string | null } | null;
	/** The receipt: when and on which path its cookie was first refused. Null means "not seen since". */
	refused: { at: Date; path: string } | null;
}

/** A page of the ended sessions that match. Throws a Refusal "invalid" for a cursor of another list. */
export async function listEndedSessions(
	filter: EndedSessionFilter,
	cursor?: string | null,
): Promise<Page<EndedSessionRow>> {
	const position = readCursor(cursor, z.tuple([momentText, z.uuid()]));
	const order = position?.back ? asc : desc;
	const page = db
		.select({ id: endedSessions.id })
		.from(endedSessions)
		.where(and(await matching(filter), position ? beyond(position) : undefined))
		.orderBy(order(endedSessions.endedAt), order(endedSessions.id))
		.limit(PAGE_ROWS + 1);
	// Names are looked up for the rows of the page only, whatever else matches.
	const rows = await db
		.select(columns)
		.from(endedSessions)
		.leftJoin(users, eq(users.id, endedSessions.userId))
		.leftJoin(endedBy, eq(endedBy.id, endedSessions.endedById))
		.leftJoin(impersonator, eq(impersonator.id, endedSessions.impersonatorId))
		.where(inArray(endedSessions.id, page))
		.orderBy(order(endedSessions.endedAt), order(endedSessions.id));
	const { rows: selected, ...cursors } = pageOf(rows, position, (row) => [row.endedAtText, row.id]);
	return { ...cursors, rows: selected.map(toRow) };
}

const endedBy = alias(users, "ended_by");
const impersonator = alias(users, "impersonator");

const columns = {
	id: endedSessions.id,
	user: { id: users.id, name: users.name, email: users.email, role: users.role },
	browser: endedSessions.browser,
	operatingSystem: endedSessions.operatingSystem,
	appDevice: endedSessions.appDevice,
	ip: endedSessions.ip,
	authenticatedWith: endedSessions.authenticatedWith,
	createdAt: endedSessions.createdAt,
	lastSeenAt: endedSessions.lastSeenAt,
	endedAt: endedSessions.endedAt,
	reason: endedSessions.endReason,
	endedBy: { id: endedBy.id, name: endedBy.name },
	impersonator: { id: impersonator.id, name: impersonator.name },
	impersonationReason: endedSessions.impersonationReason,
	refusedAt: endedSessions.firstRefusedAt,
	refusedPath: endedSessions.firstRefusedPath,
	/** With the microseconds that a Date loses. */
	endedAtText: sql<string>`to_char(${endedSessions.endedAt} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
};

type Selected = Omit<EndedSessionRow, "impersonation" | "refused"> & {
	impersonator: { id: string; name: string } | null;
	impersonationReason: string | null;
	refusedAt: Date | null;
	refusedPath: string | null;
	endedAtText: string;
};

function toRow({ impersonator, impersonationReason, refusedAt, refusedPath, endedAtText, ...row }: Selected) {
	return {
		...row,
		impersonation: row.authenticatedWith === "impersonation" ? { by: impersonator, reason: impersonationReason } : null,
		refused: refusedAt && { at: refusedAt, path: refusedPath ?? "" },
	};
}

async function matching({ q, userId, by, endedById, reason }: EndedSessionFilter): Promise<SQL | undefined> {
	return and(
		q ? await namesSomeoneCalled(endedSessions.userId, q) : undefined,
		userId ? eq(endedSessions.userId, userId) : undefined,
		by ? await namesSomeoneCalled(endedSessions.endedById, by) : undefined,
		endedById ? eq(endedSessions.endedById, endedById) : undefined,
		reason && eq(endedSessions.endReason, reason),
	);
}

const FIRST_YEAR = "1970";
const momentText = z.iso.datetime({ precision: 6 }).refine((moment) => moment >= FIRST_YEAR);

function beyond({ key: [endedAt, id], back }: Position<[string, string]>): SQL {
	const place = sql`(${endedSessions.endedAt}, ${endedSessions.id})`;
	return sql`${place} ${back ? sql`>` : sql`<`} (${endedAt}::timestamptz, ${id}::uuid)`;
}
