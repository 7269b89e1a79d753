/**
 * Keyset pagination, as every list of the console does it: a cursor holds the sort key of the row at the edge of a page,
 * and the next page is what comes after that row. However deep, a page costs as much as the first one.
 */
import { z } from "zod";
import { Refusal } from "@/lib/errors";

export const PAGE_ROWS = 50;

/** One page of a list. The cursors lead to its neighbours; null where there is none. */
export interface Page<Row> {
	rows: Row[];
	next: string | null;
	previous: string | null;
}

/** Where a page begins: behind the row with this key, or, going `back`, before it. */
export interface Position<Key> {
	key: Key;
	back: boolean;
}

const CURSOR_LIMIT_CHARACTERS = 2_000;

/**
 * The position that a cursor stands for, or null without one: the first page. Throws a Refusal "invalid" for a cursor
 * that no list of this kind has given out.
 *
 * @param key the schema of the sort key. Timestamps travel as PostgreSQL's text: a JS Date loses their microseconds.
 */
export function readCursor<Key>(cursor: string | null | undefined, key: z.ZodType<Key>): Position<Key> | null {
	if (!cursor) return null;
	const position = z.strictObject({ key, back: z.boolean() }).safeParse(json(cursor));
	if (position.success) return position.data as Position<Key>;
	const message = "This page of the list does not exist. Start again from the first.";
	throw new Refusal("invalid", message, { cursor: [message] });
}

/**
 * Makes the page out of the rows that were fetched for it.
 *
 * @param fetched up to `size` + 1 rows from the position on, in the order in which they were walked
 * @param keyOf the sort key of a row
 */
export function pageOf<Row, Key>(
	fetched: Row[],
	position: Position<Key> | null,
	keyOf: (row: Row) => Key,
	size = PAGE_ROWS,
): Page<Row> {
	const back = position?.back ?? false;
	const more = fetched.length > size;
	const rows = back ? fetched.slice(0, size).reverse() : fetched.slice(0, size);
	const cursor = (row: Row | undefined, back: boolean) => (row ? writeCursor({ key: keyOf(row), back }) : null);
	return {
		rows,
		next: back || more ? cursor(rows.at(-1), false) : null,
		previous: (back ? more : position !== null) ? cursor(rows[0], true) : null,
	};
}

/**
 * A page for people to look at: for a cursor that leads nowhere, the first page and what is wrong. Where all rows behind the
 * cursor are gone by now, there is nothing wrong, but the first page as well: from an empty one no way would lead back.
 */
export async function pageAt<Filter, Row>(
	list: (filter: Filter, cursor?: string | null) => Promise<Page<Row>>,
	filter: Filter,
	cursor: string | undefined,
): Promise<Page<Row> & { refusal: Refusal | null }> {
	try {
		const page = await list(filter, cursor);
		const isPastTheEnd = cursor !== undefined && page.rows.length === 0;
		return { ...(isPastTheEnd ? await list(filter) : page), refusal: null };
	} catch (refusal) {
		if (!(refusal instanceof Refusal) || refusal.code !== "invalid") throw refusal;
		return { ...(await list(filter)), refusal };
	}
}

function writeCursor(position: Position<unknown>): string {
	return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function json(cursor: string): unknown {
	if (cursor.length > CURSOR_LIMIT_CHARACTERS) return undefined;
	try {
		return JSON.parse(Buffer.from(cursor, "base64url").toString());
	} catch {
		return undefined;
	}
}
