import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { removeAbandoned } from "./embedded-elsewhere";

const base = mkdtempSync(join(tmpdir(), "kickoff-homes-"));
const checkouts = mkdtempSync(join(tmpdir(), "kickoff-checkouts-"));

afterAll(() => {
	for (const folder of [base, checkouts]) rmSync(folder, { recursive: true });
});

/** Makes a home that was started so long ago, and what its checkout has in place of a link to it. */
function makeHome(name: string, hours: number, link: "to the home" | "to another" | "none" | "no folder"): void {
	const [home, folder] = [join(base, name), join(checkouts, name)];
	mkdirSync(home);
	writeFileSync(join(home, "folder"), folder);
	writeFileSync(join(home, "log"), "");
	utimesSync(join(home, "log"), Date.now() / 1000, Date.now() / 1000 - hours * 3_600);
	if (link === "no folder") return;
	mkdirSync(folder);
	if (link !== "none") symlinkSync(link === "to the home" ? home : checkouts, join(folder, "postgres"));
}

test("a home outside is removed when its checkout has done without it for a day, or was away for a month", async () => {
	const kept = ["linked", "unlinked today", "moved last week"];
	const removed = ["unlinked", "linked to another", "gone"];
	makeHome("linked", 10_000, "to the home");
	makeHome("unlinked today", 23, "none");
	makeHome("moved last week", 7 * 24, "no folder");
	makeHome("unlinked", 25, "none");
	makeHome("linked to another", 25, "to another");
	makeHome("gone", 31 * 24, "no folder");
	await removeAbandoned(base, { path: "", folder: "", programs: base });
	for (const name of kept) expect(existsSync(join(base, name)), name).toBe(true);
	for (const name of removed) expect(existsSync(join(base, name)), name).toBe(false);
});
