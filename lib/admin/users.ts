/** The people in the console: a searchable list that stays fast with hundreds of thousands of them. */
import { and, asc, count, desc, eq, exists, ilike, inArray, isNull, not, or, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { z } from "zod";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { PAGE_ROWS, type Page, type Position, pageOf, readCursor } from "@/lib/list/cursor";
import { containing, searchField } from "@/lib/list/filter";
import { roles } from "@/lib/permissions/matrix";
import { isLive, isSuspended } from "@/lib/session/live";
import { profileColumns, type UserRow, withPresence } from "./presence";

/** What the list can be asked for, as it comes in a query string. */
export const userFilterSchema = z.strictObject({
	q: searchField.optional().describe("Words that all occur in the name or the e-mail address."),
	role: z.enum(roles, { error: "There is no such role." }).optional(),
	status: z.enum(["active", "suspended"], { error: "There is no such status." }).optional(),
	signedIn: z
		.literal("true", { error: "This can only be asked for, or left out." })
		.optional()
		.describe("Only those with a live session of their own right now."),
	sort: z
		.enum(["name", "-name", "email", "-email", "joined", "-joined"], { error: "The list cannot be sorted like that." })
		.default("-joined")
		.describe("A minus in front turns the order around."),
});

export type UserFilter = z.output<typeof userFilterSchema>;

/** A page of the people who match. Throws a Refusal "invalid" for a cursor that is not from this list. */
export async function listUsers(filter: UserFilter, cursor?: string | null): Promise<Page<UserRow>> {
	const order = orders[filter.sort.replace("-", "") as keyof typeof orders];
	// The order is part of the key, so that a cursor cannot be carried over into another one.
	const position = readCursor(cursor, z.tuple([z.literal(filter.sort), ...order.key]));
	const descends = filter.sort.startsWith("-") !== (position?.back ?? false);
	const rows = await db
		.select(profileColumns)
		.from(users)
		.where(and(matching(filter), position ? beyond(order.columns, position, descends) : undefined))
		.orderBy(...order.columns.map(descends ? desc : asc))
		.limit(PAGE_ROWS + 1);
	return pageOf(await withPresence(rows), position, (row) => [filter.sort, ...order.keyOf(row)]);
}

/** How many people match, counted up to a limit so that a large table costs no more than a small one. */
export async function countUsers(filter: UserFilter, limit: number): Promise<{ count: number; orMore: boolean }> {
	const some = db
		.select({ id: users.id })
		.from(users)
		.where(matching(filter))
		.limit(limit + 1)
		.as("some");
	const [row] = await db.select({ count: count() }).from(some);
	const found = row?.count ?? 0;
	return { count: Math.min(found, limit), orMore: found > limit };
}

const uuidText = z.uuid();
const lineText = z.string().regex(/^\P{Cc}*$/u);

/** Each order walks one index, whose last column is unique. Ids sort by time, so "joined" is the primary key. */
const orders = {
	name: {
		columns: [users.name, users.id],
		key: [lineText, uuidText],
		keyOf: ({ name, id }: UserRow) => [name, id],
	},
	email: { columns: [users.email], key: [lineText], keyOf: ({ email }: UserRow) => [email] },
	joined: { columns: [users.id], key: [uuidText], keyOf: ({ id }: UserRow) => [id] },
};

function beyond(columns: AnyPgColumn[], { key: [, ...values] }: Position<string[]>, descends: boolean): SQL {
	const commaSeparated = (parts: unknown[]) =>
		sql.join(
			parts.map((part) => sql`${part}`),
			sql`, `,
		);
	return sql`(${commaSeparated(columns)}) ${sql.raw(descends ? "<" : ">")} (${commaSeparated(values)})`;
}

function matching({ q = "", role, status, signedIn }: UserFilter): SQL | undefined {
	return and(
		isCalled(q),
		role && eq(users.role, role),
		status && (status === "suspended" ? isSuspended() : not(isSuspended())),
		signedIn && exists(ownLiveSessions()),
	);
}

/** People in whose name or e-mail address all of the words occur. */
function isCalled(words: string): SQL | undefined {
	return and(...words.split(/\s+/u).filter(Boolean).map(occurs));
}

const PEOPLE_NAMED_LIMIT = 1_000;

/**
 * The condition that a column of another table names somebody who is called so. Few people are looked up beforehand:
 * PostgreSQL knows who of them has how many rows, and goes the shorter way; of a subquery it knows nothing.
 */
export async function namesSomeoneCalled(column: AnyPgColumn, words: string): Promise<SQL> {
	const people = () => db.select({ id: users.id }).from(users).where(isCalled(words));
	const some = await people().limit(PEOPLE_NAMED_LIMIT + 1);
	if (some.length > PEOPLE_NAMED_LIMIT) return inArray(column, people());
	return inArray(
		column,
		some.map(({ id }) => id),
	);
}

/** The trigram index on name and e-mail serves it from three characters on; shorter words take a look at everyone. */
function occurs(word: string): SQL | undefined {
	return or(ilike(users.name, containing(word)), ilike(users.email, containing(word)));
}

const ownLiveSessions = () =>
	db
		.select({ one: sql`1` })
		.from(sessions)
		.where(and(eq(sessions.userId, users.id), isNull(sessions.impersonatorId), isLive()));
