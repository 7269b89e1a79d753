import { expect, test } from "vitest";
import { z } from "zod";
import { Refusal } from "@/lib/errors";
import { pageAt, pageOf, readCursor } from "./cursor";

/** A list of numbers, from which some may be gone when it is asked the next time. */
function listOf(numbers: number[]) {
	return async (from: number, cursor?: string | null) => {
		const position = readCursor(cursor, z.number());
		const walked = position?.back ? numbers.toReversed() : numbers;
		const isBehind = (number: number) => !position || (position.back ? number < position.key : number > position.key);
		const fetched = walked.filter((number) => number >= from && isBehind(number)).slice(0, 3);
		return pageOf(fetched, position, (number) => number, 2);
	};
}

test("whoever looks at a page whose rows are all gone gets the first one, with the way on", async () => {
	const first = await pageAt(listOf([1, 2, 3, 4, 5]), 2, undefined);
	expect(first).toMatchObject({ rows: [2, 3], previous: null, refusal: null });
	const second = await pageAt(listOf([1, 2, 3, 4, 5]), 2, first.next ?? "");
	expect(second).toMatchObject({ rows: [4, 5], next: null, refusal: null });

	const onwards = await pageAt(listOf([1, 2, 3]), 2, first.next ?? "");
	expect(onwards).toMatchObject({ rows: [2, 3], previous: null, next: null, refusal: null });
	const backwards = await pageAt(listOf([4, 5, 6]), 2, second.previous ?? "");
	expect(backwards).toMatchObject({ rows: [4, 5], previous: null, refusal: null });
	expect(backwards.next).not.toBeNull();
	expect(await pageAt(listOf([]), 2, first.next ?? "")).toMatchObject({ rows: [], previous: null, next: null });
});

test("a cursor that the list never gave out leads to the first page too, which then says so", async () => {
	const page = await pageAt(listOf([1, 2, 3]), 1, "nonsense");
	expect(page).toMatchObject({ rows: [1, 2], previous: null });
	expect(page.refusal).toBeInstanceOf(Refusal);
});
