/** Holds docs/security.md to what it says: every requirement once, every test that it names there, every rule as in the code. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { matrix, type Permission } from "@/lib/permissions/matrix";
import { requirements } from "./asvs";
import { isAmong, titlesIn } from "./test-titles";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs", "security.md"), "utf8");

/** “title” (file), where a folder of the file may be in parentheses. */
const TEST = /“([^”]+)” \(([^()]*(?:\([^()]*\)[^()]*)*)\)/g;
const cellsOf = (line: string) =>
	line
		.split("|")
		.slice(1, -1)
		.map((cell) => cell.trim());
const rows = page
	.split("\n")
	.filter((line) => /^\| V\d/.test(line))
	.map(cellsOf)
	.map(([what = "", level = "", how = "", shown = ""]) => ({
		id: what.split(" ")[0] ?? "",
		level: Number(level),
		how,
		shown,
		tests: [...shown.matchAll(TEST)].map(([, title = "", file = ""]) => ({ title, file })),
	}));

/** The titles in each file that is named, and exists. */
const titles = new Map(
	[...new Set(rows.flatMap(({ tests }) => tests.map(({ file }) => file)))]
		.filter((file) => existsSync(join(root, file)))
		.map((file) => [file, titlesIn(join(root, file))]),
);

/** What a row may begin with that names no test, followed by the reason. */
const REASONED = /^(Does not apply|Left out|Left to the deployer): .{20,}/;

describe("docs/security.md", () => {
	test("has every requirement of the chapters that it covers, once and with its level", () => {
		const listed = rows.map(({ id, level }) => `${id} (${level})`);
		const wanted = Object.entries(requirements).map(([id, level]) => `${id} (${level})`);
		expect(listed.toSorted()).toEqual(wanted.toSorted());
	});

	test.each(rows)("shows $id by tests that exist, or says why not", ({ how, shown, tests }) => {
		const isPlace = /^\[[^\]]+\]\((#[a-z-]+|[\w./-]+\.md)\)$/.test(shown);
		if (tests.length === 0 && !isPlace) expect(how).toMatch(REASONED);
		if (!isPlace) expect(shown.replaceAll(TEST, ""), "all of it is tests, written “title” (file)").toMatch(/^(, )*$/);
		for (const { title, file } of tests) {
			expect(isAmong(title, titles.get(file) ?? []), `“${title}” in ${file}`).toBe(true);
		}
	});

	test("leads to places that exist", () => {
		const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(
			([, text = ""]) =>
				`#${text
					.toLowerCase()
					.replace(/[^a-z ]/g, "")
					.replaceAll(" ", "-")}`,
		);
		for (const [, target = ""] of page.matchAll(/\]\(([^)]+)\)/g)) {
			if (target.startsWith("#")) expect(headings).toContain(target);
			else if (!target.startsWith("http")) expect(existsSync(join(root, "docs", target)), target).toBe(true);
		}
	});

	test("has the permission matrix as it is in the code", () => {
		const told = page
			.split("\n")
			.filter((line) => /^\| `[a-z-]+\.[a-z-]+` /.test(line))
			.map(cellsOf);
		const yes = (value: boolean) => (value ? "yes" : "");
		const rules = Object.keys(matrix).map((permission) => {
			const { from, whileImpersonating, freshProof, may } = matrix[permission as Permission];
			return [`\`${permission}\``, may, from, yes(whileImpersonating), yes(freshProof)];
		});
		expect(told).toEqual(rules);
	});
});

test("what the page says is not in use is not in use", () => {
	const sources = globSync("{app,lib}/**/*.{ts,tsx}", { cwd: root }).filter((file) => !file.includes(".test."));
	expect(sources.length).toBeGreaterThan(100);
	for (const file of sources) {
		const source = readFileSync(join(root, file), "utf8");
		expect(source, file).not.toMatch(/dangerouslySetInnerHTML|innerHTML|document\.write|insertAdjacentHTML/);
		// Tabs talk over a BroadcastChannel, which never leaves the origin; windows and frames are not talked to.
		const isAmongTabs = source.includes("new BroadcastChannel(");
		if (!isAmongTabs) expect(source, file).not.toMatch(/postMessage|"message"|jsonp/i);
		expect(source, file).not.toMatch(/(window|parent|opener|top|frames.*|source)\.postMessage|window.*"message"/i);
		if (file !== "lib/api/cross-origin.ts") expect(source, file).not.toMatch(/access-control-allow/i);
	}
});

describe("the titles of tests", () => {
	const titles = [["a person ", " signs in"], ["", ""], ["exactly this (once)"]];

	test("are found word for word, with anything in place of what is filled in", () => {
		expect(isAmong("a person from afar signs in", titles)).toBe(true);
		expect(isAmong("exactly this (once)", titles)).toBe(true);
		expect(isAmong("exactly this", titles)).toBe(false);
	});

	test("that are filled in as a whole are nobody's", () => {
		expect(isAmong("anything", titles)).toBe(false);
	});
});
