import { expect, test } from "vitest";
import { orderOf } from "./turns";

test("everyone has every place in the order, and every predecessor, equally often", () => {
	const rounds = Array.from({ length: 6 }, (_, round) => orderOf(["a", "b", "c"], round).join(""));
	expect(rounds).toEqual(["abc", "cba", "bca", "acb", "cab", "bac"]);
});
