import { expect, test } from "vitest";
import { mutated } from "./mutant-build";
import { mutants } from "./mutants";

test("every mutant finds the text that it replaces, exactly once", () => {
	const files = mutated();
	for (const { name, edits = [] } of mutants) {
		for (const { file } of edits) expect(files.get(file)).toContain(`process.env.MUTANT === "${name}"`);
	}
});

test("a mutant whose text is gone stops the run and says which it is", () => {
	const edits = [{ file: "lib/session/lookup.ts", find: "no such text", replace: "ON" }];
	const rotten = { name: "rotten", story: "", breaks: [], edits };
	expect(() => mutated([rotten])).toThrow("The mutant rotten must be mended");
});

test("no two mutants have the same name", () => {
	expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
