import { expect, test } from "vitest";
import { initialsOf } from "@/app/_ui/avatar";

test.each([
	["Ada Lovelace", "AL"],
	["Ada", "A"],
	["  ada   king  lovelace ", "AL"],
	["王小明", "王"],
	["김 민수", "김"],
	["🦊 Fox", "🦊F"],
	["é́", "É́"],
	["e\u0301ric Lo\u0301pez", "E\u0301L"],
	["x y\u0301", "XY\u0301"],
	["", "?"],
])("the initials of %j are %j", (name, initials) => {
	expect(initialsOf(name)).toBe(initials);
});
