/** `npm test`: everything, from the quickest stage to the slowest, up to the first that fails. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { DATA_FOLDER } from "./environment";
import { type Launch, launch } from "./launch";

/** What a shell says of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

interface Stage {
	name: string;
	command: string;
	/** Counts the tests in the report that the command writes. */
	count?(report: Report): Totals;
}

interface Totals {
	passed: number;
	failed: number;
}

/** The parts that we read of the JSON reports of Vitest, of Playwright and of the checker. */
interface Report extends Totals {
	numPassedTests: number;
	numFailedTests: number;
	stats: { expected: number; unexpected: number; flaky: number };
}

const REPORT = join(DATA_FOLDER, "test-report.json");
/** What Node compiled of this run's programs: hundreds are started, and most run the same files. Of no use to a later build. */
const COMPILED = join(DATA_FOLDER, "compile-cache");

const stages: Stage[] = [
	{ name: "lint and types", command: "npm run --silent check" },
	{
		name: "unit and integration",
		command: `vitest run --reporter=default --reporter=json --outputFile.json="${REPORT}"`,
		count: ({ numPassedTests, numFailedTests }) => ({ passed: numPassedTests, failed: numFailedTests }),
	},
	{ name: "build", command: "npm run --silent build" },
	{
		name: "revocation",
		command: `npm run --silent check:revocation -- --ops 2000 --clients 6 --report="${REPORT}"`,
		count: ({ passed, failed }) => ({ passed, failed }),
	},
	{
		// A checker that cannot fail would prove nothing: here it must.
		name: "revocation, sabotaged",
		command: `npm run --silent check:revocation -- --mutants silent-database --report="${REPORT}"`,
		count: ({ passed, failed }) => ({ passed, failed }),
	},
	{
		name: "browser",
		command: "playwright test --reporter=list,json",
		count: ({ stats }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky }),
	},
];

launch(async (run) => {
	run.onExit(() => {
		if (run.signal.aborted) process.exit(INTERRUPTED);
	});
	mkdirSync(DATA_FOLDER, { recursive: true });
	rmSync(COMPILED, { recursive: true, force: true });
	const totals: Totals = { passed: 0, failed: 0 };
	const summary: string[] = [];
	const begun = Date.now();
	let failed = false;
	for (const { name, command, count } of stages) {
		console.log(styleText("bold", `\n▸ ${name}\n`));
		const start = Date.now();
		rmSync(REPORT, { force: true });
		failed = (await runCommand(command, run)) !== 0;
		run.signal.throwIfAborted();
		const counted = count && existsSync(REPORT) ? count(JSON.parse(readFileSync(REPORT, "utf8"))) : undefined;
		totals.passed += counted?.passed ?? 0;
		totals.failed += counted?.failed ?? 0;
		summary.push(line(name, failed, Date.now() - start, counted));
		if (failed) break;
	}
	const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
	console.log(`\n${summary.join("\n")}\n\n${totals.passed} passed, ${totals.failed} failed in ${minutes} minutes`);
	return failed ? 1 : 0;
});

function line(name: string, failed: boolean, durationMs: number, counted?: Totals): string {
	const sign = failed ? styleText("red", "✗") : styleText("green", "✓");
	const seconds = `${(durationMs / 1000).toFixed(1)} s`;
	return `  ${sign} ${name.padEnd(22)}${seconds.padStart(8)}   ${counted ? `${counted.passed} passed` : ""}`.trimEnd();
}

/** Gives the exit code. In a process group of its own, so that stopping it stops all that it started. */
function runCommand(command: string, { signal, impatience }: Launch): Promise<number> {
	const hasGroups = process.platform !== "win32";
	const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: REPORT, NODE_COMPILE_CACHE: COMPILED };
	const child = spawn(command, { shell: true, stdio: ["ignore", "inherit", "inherit"], detached: hasGroups, env });
	const kill = (name: NodeJS.Signals) => {
		try {
			if (hasGroups && child.pid) process.kill(-child.pid, name);
			else child.kill(name);
		} catch {
			// It has ended already.
		}
	};
	signal.addEventListener("abort", () => kill("SIGINT"));
	impatience.addEventListener("abort", () => kill("SIGKILL"));
	return new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on("exit", (code) => resolve(code ?? 1));
	});
}
