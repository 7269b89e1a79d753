/** Prints what a run did and what it found. */
import { type Fault, type History, type Operation, STALLED } from "./history";
import { shrink } from "./shrink";
import { commitsCompared, type Rule, rules, type Violation } from "./violations";

/** How often each operation was done, and what became of it. */
export function printCounts({ operations, faults, duels }: History): void {
	console.log(`\n${"operations".padEnd(26)}${["all", "served", "refused", "forbidden", "failed"].map(right).join("")}`);
	const byName = Map.groupBy(operations, ({ name }) => name);
	for (const [name, some] of byName) {
		const outcomes = (["served", "refused", "forbidden", "failed"] as const).map(
			(outcome) => some.filter((operation) => operation.outcome === outcome).length,
		);
		console.log(`  ${name.padEnd(24)}${[some.length, ...outcomes].map(right).join("")}`);
	}
	console.log(`  ${"in all".padEnd(24)}${right(operations.length)}`);
	const injected = Map.groupBy(
		faults.filter(({ name }) => name !== STALLED),
		({ name }) => name,
	);
	console.log(`\nfaults${injected.size === 0 ? ": none" : ""}`);
	for (const [name, some] of injected) console.log(`  ${name.padEnd(24)}${right(some.length)}`);
	const stalledMs = sum(faults.filter(({ name }) => name === STALLED).map(({ startMs, endMs }) => endMs - startMs));
	if (stalledMs > 0) console.log(`  ${STALLED}, and judged no stream, for ${(stalledMs / 1000).toFixed(1)} s`);
	if (duels.length > 0) console.log(`\nowners who demoted each other: ${duels.length} pairs`);
	console.log(`commits that were compared: ${commitsCompared(operations).toLocaleString("en")}`);
}

/** How long it took, in milliseconds. */
export function printPercentiles(history: History): void {
	console.log(`\n${"milliseconds".padEnd(26)}${["p50", "p95", "p99", "max", "of"].map(right).join("")}`);
	for (const [name, values] of Object.entries(measure(history))) {
		const sorted = values.toSorted((a, b) => a - b);
		const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]?.toFixed(0) ?? "–";
		console.log(`  ${name.padEnd(24)}${[at(0.5), at(0.95), at(0.99), at(1), sorted.length].map(right).join("")}`);
	}
}

function measure({ operations }: History): Record<string, number[]> {
	const revocations = operations.filter(({ revokes, outcome }) => revokes && outcome === "served");
	const bySession = Map.groupBy(operations, ({ session }) => session);
	const firstRefusals: number[] = [];
	const closings: number[] = [];
	for (const revocation of revocations) {
		for (const session of revocation.revokes?.sessions ?? []) {
			const own = bySession.get(session) ?? [];
			const refusal = own.find(({ outcome, endMs }) => outcome === "refused" && endMs > revocation.startMs);
			if (refusal) firstRefusals.push(Math.max(0, refusal.endMs - revocation.endMs));
			for (const { startMs, stream } of own) {
				const concerned = stream && !stream.open && startMs < revocation.endMs && stream.untilMs > revocation.startMs;
				if (concerned) closings.push(Math.max(0, stream.untilMs - revocation.endMs));
			}
		}
	}
	return {
		revocation: revocations.filter(({ waitsFor }) => !waitsFor).map(durationOf),
		"… that waits for a write": revocations.filter(({ waitsFor }) => waitsFor === "a write").map(durationOf),
		"return to first refusal": firstRefusals,
		"return to stream closed": closings,
	};
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const durationOf = ({ startMs, endMs }: Operation) => endMs - startMs;

const right = (value: string | number) => (typeof value === "number" ? value.toLocaleString("en") : value).padStart(11);

/** The rules, and how often each was broken. */
export function printVerdict(violations: Violation[]): void {
	console.log("\nviolations");
	for (const rule of Object.keys(rules) as Rule[]) {
		const count = violations.filter((violation) => violation.rule === rule).length;
		console.log(`  ${count === 0 ? "✓" : "✗"} ${String(count).padStart(4)}  ${rules[rule]}`);
	}
}

/** What nothing was learnt about. */
export function printGaps(gaps: string[]): void {
	if (gaps.length > 0) console.log(`\nsays nothing about\n${gaps.map((gap) => `  ✗ ${gap}`).join("\n")}`);
}

/** The shortest history in which the rule is broken, line by line. */
export function describe(history: History, violation: Violation): string {
	const { operations, faults } = shrink(history, violation);
	const zeroMs = operations[0]?.startMs ?? 0;
	const at = (ms: number) => (ms === Infinity ? "never" : `${(ms - zeroMs).toFixed(1)} ms`);
	const line = ({ startMs, endMs }: Operation | Fault, text: string) =>
		`  ${`${at(startMs)} → ${at(endMs)}`.padEnd(24)} ${text}`;
	const asked = new Set(operations.map(({ instance }) => instance));
	const concerned = ({ name, instance }: Fault) => name !== STALLED && (instance === undefined || asked.has(instance));
	return [
		`${violation.rule}: ${rules[violation.rule]}`,
		`  session ${violation.session}`,
		...operations.map((operation) => {
			const who = operation.session === violation.session ? "it" : "another";
			return line(operation, `${who}: ${operation.name}${on(operation.instance)}: ${tell(operation, at)}`);
		}),
		...faults.filter(concerned).map((fault) => line(fault, `(${fault.name}${on(fault.instance)})`)),
	].join("\n");
}

const on = (instance: number | undefined) => (instance === undefined ? "" : `, instance ${instance + 1}`);

function tell({ outcome, answer, stream, committedUs }: Operation, at: (ms: number) => string): string {
	const parts = [`${outcome} (${answer ?? "no answer"})`];
	if (stream) parts.push(`${stream.open ? "open" : "closed"} at ${at(stream.untilMs)}`);
	if (stream && stream.lastEventMs > 0) parts.push(`last event at ${at(stream.lastEventMs)}`);
	if (committedUs) parts.push(`committed at ${timeOf(committedUs)}`);
	return parts.join(", ");
}

/** The time of day, to the microsecond. */
function timeOf(us: number): string {
	const toTheMillisecond = new Date(us / 1000).toISOString().slice("2026-01-31T".length, -1);
	return toTheMillisecond + String(us % 1000).padStart(3, "0");
}
