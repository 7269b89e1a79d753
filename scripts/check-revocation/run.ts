/**
 * `npm run check:revocation`: starts several instances of the production build on one PostgreSQL, uses and revokes many
 * sessions while faults are injected, and judges the history: does the promise hold? With `--mutants` it judges itself:
 * faults are planted in the product, and each must be found. What it does and how to extend it: docs/check-revocation.md.
 */
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { CannotStart } from "@/db/cannot-start";
import { ensureBuild, ROOT } from "@/e2e/build";
import { type Launch, launch } from "../launch";
import { enterAlone } from "./alone";
import { check } from "./check";
import { checkMutants } from "./check-mutants";
import { type Database, FOLDER, openDatabase } from "./database";
import { findGaps } from "./gaps";
import { prepareEnvironment } from "./instances";
import { EVERYTHING } from "./lives";
import { describe, printCounts, printGaps, printPercentiles, printVerdict } from "./report";
import { clearest } from "./shrink";
import { rules } from "./violations";

const USAGE = `Usage: npm run check:revocation -- [--ops 6000] [--instances 3] [--clients 8] [--seed 1] [--no-faults]
       npm run check:revocation -- --mutants [name …]`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	allowNegative: true,
	options: {
		ops: { type: "string", default: "6000" },
		instances: { type: "string" },
		clients: { type: "string", default: "8" },
		seed: { type: "string", default: String(randomInt(1_000_000)) },
		faults: { type: "boolean", default: true },
		mutants: { type: "boolean", default: false },
		/** A file for the figures, as JSON; `npm test` reads it. */
		report: { type: "string" },
	},
});
const byDefault = values.mutants ? "2" : "3";
const numbers = {
	operations: values.ops,
	instances: values.instances ?? byDefault,
	clients: values.clients,
	seed: values.seed,
};
const { operations, instances, clients, seed } = Object.fromEntries(
	Object.entries(numbers).map(([name, text]) => [name, Number(text)]),
) as Record<keyof typeof numbers, number>;

launch(async (run) => {
	const isWhole = [operations, instances, clients, seed].every(Number.isSafeInteger);
	if (!isWhole || operations < 1 || instances < 1 || clients < 1) throw new CannotStart(USAGE);
	if (positionals.length > 0 && !values.mutants) throw new CannotStart(USAGE);
	run.onExit(await enterAlone(FOLDER));
	ensureBuild();
	const database = await openDatabase(run);
	const environment = await prepareEnvironment(database.url, instances);
	Object.assign(process.env, environment);
	run.signal.throwIfAborted();
	const counted = values.mutants
		? await checkMutants(database, environment, { seed, names: positionals }, run)
		: await checkProduct(database, environment, run);
	if (values.report) writeFileSync(values.report, JSON.stringify(counted));
	return counted.failed > 0 ? 1 : 0;
});

/** How many rules held, and how many were broken. */
async function checkProduct(database: Database, environment: Record<string, string>, run: Launch) {
	const faults = values.faults ? "faults" : "no faults";
	console.log(`${instances} instances, ${clients} clients, ${faults}, --seed ${seed}`);
	const options = { seed, clients, schedule: EVERYTHING, operations, faults: values.faults, duels: DUELS };
	const { history, violations, seconds } = await check(database, { folder: ROOT, environment, ...options }, run);
	printCounts(history);
	printPercentiles(history);
	printVerdict(violations);
	const gaps = findGaps(history);
	printGaps(gaps);
	const clear = clearest(violations);
	if (clear) console.log(`\n${describe(history, clear)}`);
	const total = history.operations.length.toLocaleString("en");
	console.log(`\n${violations.length} violations in ${total} operations, ${seconds.toFixed(0)} s, --seed ${seed}`);
	const broken = new Set(violations.map(({ rule }) => rule)).size;
	return { passed: Object.keys(rules).length - broken, failed: broken + gaps.length };
}

const DUELS = 10;
