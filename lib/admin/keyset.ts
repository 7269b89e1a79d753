/**
 * Pages of a long list by keyset: a page begins after a row, not at a number, so page 4,000 costs what page 1 costs and
 * rows that come and go meanwhile shift nothing. The cursor is opaque to clients, and a forged one is refused.
 */
import { asc, desc, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { z } from "zod";
import { Refusal } from "@/lib/errors";

export const PAGE_ROWS = 50;

export interface Page<Row> {
	rows: Row[];
	/** The cursors of the neighbouring pages; null where there is none. */
	next: string | null;
	previous: string | null;
}

interface Keyset<Row> {
	/** Names the list and its order. A cursor from another one is refused. */
	order: string;
	/** What sorts the list: columns of one index, all in one direction, the last one unique. */
	columns: (AnyPgColumn | SQL)[];
	descending?: boolean;
	/** The position of a row: the values of those columns as text. Never a JS Date, which has no microseconds. */
	position: (row: Row) => string[];
	/** Checks a position that comes back in a cursor, value by value. */
	positionSchema: z.ZodType<string[]>;
}

/** As it comes in a query string. */
export const cursorField = z
	.string()
	.max(1_000)
	.regex(/^[\w-]+$/, { error: "This is not a page of the list." });

/**
 * The page at the cursor, or the first one. Throws a Refusal "invalid" for a cursor that this list did not give.
 *
 * @param fetch runs the query with this condition, order and limit
 */
export async function keysetPage<Row>(
	keyset: Keyset<Row>,
	cursor: string | undefined,
	fetch: (range: SQL | undefined, orderBy: SQL[], limit: number) => Promise<Row[]>,
): Promise<Page<Row>> {
	const from = cursor === undefined ? null : open(cursor, keyset);
	const backwards = from?.towards === "previous";
	const descends = (keyset.descending ?? false) !== backwards;
	const columns = sql.join(keyset.columns, sql`, `);
	const values =
		from &&
		sql.join(
			from.position.map((value) => sql`${value}`),
			sql`, `,
		);
	const range = from ? sql`(${columns}) ${sql.raw(descends ? "<" : ">")} (${values})` : undefined;

	const fetched = await fetch(range, keyset.columns.map(descends ? desc : asc), PAGE_ROWS + 1);
	const more = fetched.length > PAGE_ROWS;
	const rows = fetched.slice(0, PAGE_ROWS);
	if (backwards) rows.reverse();

	const link = (towards: Towards, row: Row | undefined) =>
		row === undefined ? null : seal({ order: keyset.order, towards, position: keyset.position(row) });
	return {
		rows,
		next: backwards || more ? link("next", rows.at(-1)) : null,
		previous: backwards ? (more ? link("previous", rows[0]) : null) : from && link("previous", rows[0]),
	};
}

type Towards = "next" | "previous";

function seal(position: { order: string; towards: Towards; position: string[] }): string {
	return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function open(cursor: string, { order, positionSchema }: Pick<Keyset<never>, "order" | "positionSchema">) {
	const schema = z.strictObject({
		order: z.literal(order),
		towards: z.enum(["next", "previous"]),
		position: positionSchema,
	});
	const opened = schema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString()));
	if (!opened.success) throw new Refusal("invalid", "This is not a page of the list. Start from the first one.");
	return opened.data;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
