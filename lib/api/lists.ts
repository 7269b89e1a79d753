/** What all lists of the API have in common: a filter and a cursor in, a page and the next cursor out. */
import { z } from "zod";
import type { Page } from "@/lib/list/cursor";

/** What the query of a list has beside its filter: `filterSchema.safeExtend(paging)`. */
export const paging = {
	cursor: z
		.string()
		.optional()
		.meta({ description: "The `next` of the page before; left out, the first page. Keep the filter as it was." }),
};

/** The answer of a list. */
export function listAnswer<Row extends z.ZodType>(row: Row) {
	return z.object({
		data: z.array(row),
		next: z.string().nullable().meta({ description: "The cursor of the next page; null on the last one." }),
	});
}

/** A page as {@link listAnswer} wants it. */
export function answerPage<Row>({ rows, next }: Page<Row>): { data: Row[]; next: string | null } {
	return { data: rows, next };
}
