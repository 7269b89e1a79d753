/** A production build of a copy of the app with all mutants in it, each asleep until MUTANT names it. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "@/db/cannot-start";
import { build, isUpToDate, ROOT } from "@/e2e/build";
import { DATA_FOLDER } from "../environment";
import { type Mutant, mutants } from "./mutants";

/** What no build needs. */
const LEFT_OUT = /^\.|^(node_modules|e2e|scripts|package-lock\.json)$|tsbuildinfo$/;

/** Inside of the checkout, for the sake of node_modules. */
const FOLDER = join(DATA_FOLDER, "check-revocation", "mutants");

/** Builds it, unless neither the sources nor the mutants have changed since; gives its folder. */
export function buildMutants(): string {
	const planted = JSON.stringify([...mutated()]);
	const stamp = join(FOLDER, "planted.json");
	if (isUpToDate(join(FOLDER, ".next")) && existsSync(stamp) && readFileSync(stamp, "utf8") === planted) return FOLDER;

	rmSync(FOLDER, { recursive: true, force: true });
	mkdirSync(FOLDER, { recursive: true });
	for (const name of readdirSync(ROOT)) {
		if (!LEFT_OUT.test(name)) cpSync(join(ROOT, name), join(FOLDER, name), { recursive: true });
	}
	for (const [file, text] of mutated()) writeFileSync(join(FOLDER, file), text);
	const config = readFileSync(join(ROOT, "next.config.ts"), "utf8");
	const untyped = config.replace("NextConfig = {", "NextConfig = {\n\ttypescript: { ignoreBuildErrors: true },");
	writeFileSync(join(FOLDER, "next.config.ts"), untyped);
	console.log("building the app with all planted faults in it, asleep …");
	build(FOLDER, "quietly");
	writeFileSync(stamp, planted);
	return FOLDER;
}

/** The files that mutants change, with all of them planted. Throws CannotStart for a text that is not there just once. */
export function mutated(some: Mutant[] = mutants): Map<string, string> {
	const files = new Map<string, string>();
	for (const { name, edits = [] } of some) {
		for (const { file, find, replace } of edits) {
			const text = files.get(file) ?? readFileSync(join(ROOT, file), "utf8");
			const times = text.split(find).length - 1;
			if (times !== 1) {
				throw new CannotStart(
					`The mutant ${name} must be mended: ${file} has its text ${times} times, not once:\n${find}`,
				);
			}
			const isOn = `(process.env.MUTANT === "${name}")`;
			files.set(
				file,
				text.replace(find, () => replace.replaceAll(/\bON\b/g, isOn)),
			);
		}
	}
	return files;
}
