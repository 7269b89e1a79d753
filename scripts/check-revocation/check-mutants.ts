/** Checks the checker: plants one fault after the other in the product, and expects that each is found. */
import { CannotStart } from "@/db/cannot-start";
import { ROOT } from "@/e2e/build";
import type { Launch } from "../launch";
import { check } from "./check";
import { type Database, patiently } from "./database";
import { EVERYTHING } from "./lives";
import { buildMutants } from "./mutant-build";
import { type Mutant, mutants } from "./mutants";
import { describe } from "./report";
import { clearest } from "./shrink";

interface Options {
	seed: number;
	/** Which ones; all, if empty. */
	names: string[];
}

const CLIENTS = 3;
const OPERATIONS_MOST = 1_500;
const JUDGE_EVERY = 75;

/** Gives how many were found, and how many were not. */
export async function checkMutants(
	database: Database,
	environment: Record<string, string>,
	{ seed, names }: Options,
	run: Launch,
): Promise<{ passed: number; failed: number }> {
	const chosen = mutants.filter(({ name }) => names.length === 0 || names.includes(name));
	if (chosen.length < names.length) {
		throw new CannotStart(`There are these mutants: ${mutants.map(({ name }) => name).join(", ")}.`);
	}
	const folder = chosen.some(({ edits }) => edits) ? buildMutants() : ROOT;
	const counted = { passed: 0, failed: 0 };
	for (const mutant of chosen) {
		const isFound = await checkMutant(database, { folder, environment, seed }, mutant, run);
		counted[isFound ? "passed" : "failed"]++;
	}
	console.log(`\n${counted.passed} of ${chosen.length} planted faults were found, --seed ${seed}`);
	return counted;
}

async function checkMutant(
	database: Database,
	{ folder, environment, seed }: { folder: string; environment: Record<string, string>; seed: number },
	{ name, story, sql, schedule = {}, breaks }: Mutant,
	run: Launch,
): Promise<boolean> {
	const { kinds, ways, holds = EVERYTHING.holds, faults = false, duels = 0 } = schedule;
	const weights = kinds ? Object.fromEntries(kinds.map((kind) => [kind, 1])) : EVERYTHING.kinds;
	if (sql) await patiently(() => database.pool.query(sql.break));
	const options = {
		folder,
		environment: { ...environment, MUTANT: name },
		seed,
		clients: CLIENTS,
		schedule: { kinds: weights, ways, holds },
		operations: OPERATIONS_MOST,
		judgeEvery: JUDGE_EVERY,
		faults,
		duels,
	};
	const { history, violations, seconds } = await check(database, options, run);
	if (sql) await patiently(() => database.pool.query(sql.mend));
	const found = clearest(violations.filter(({ rule }) => breaks.includes(rule)));
	const total = history.operations.length;
	console.log(
		`\n${found ? "✓ found" : "✗ NOT FOUND"}  ${name}: ${story} (${total} operations, ${seconds.toFixed(0)} s)`,
	);
	for (const violation of [found ?? clearest(violations)]) {
		if (violation) console.log(describe(history, violation).replaceAll(/^/gm, "    "));
	}
	return found !== undefined;
}
