/** What the experiment found: printed, and written into docs/why-sessions.md with its chart. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "../report";
import { chart } from "./chart";
import { type SubjectName, subjects } from "./subjects";
import type { Watched } from "./watch";

export interface Finding {
	name: SubjectName;
	watched: Watched[];
	/** In each round. */
	requestsPerSecond: number[];
	statementsPerRequest: number;
}

/** A finding in words and figures, for people. */
export interface Row {
	title: string;
	served: string;
	refused: string;
	/** For how many seconds at most somebody was still served; null when it did not end while we watched. */
	longestSeconds: number | null;
	lookups: string;
	requestsPerSecond: number;
	/** As a multiple of Kickoff's, the median of the rounds. */
	speed: number;
	stores: string;
	ends: string;
}

export function printFindings(findings: Finding[], lifetimeSeconds: number): void {
	for (const row of rowsOf(findings, lifetimeSeconds)) {
		console.log(`\n${row.title}`);
		console.log(`  served after the revocation   ${row.served}`);
		console.log(`  until the refusal             ${row.refused}`);
		console.log(`  database look-ups a request   ${row.lookups}`);
		console.log(`  requests a second             ${row.requestsPerSecond.toFixed(0)} (${row.speed.toFixed(2)} ×)`);
		console.log(`  must be stored                ${row.stores}`);
		console.log(`  can end                       ${row.ends}`);
	}
}

const DOCS = join(import.meta.dirname, "..", "..", "..", "docs");
const TABLE = /(?<=<!-- bench:revocation -->\n)[\s\S]*(?=<!-- \/bench:revocation -->)/;

export function writeFindings(findings: Finding[], lifetimeSeconds: number): void {
	const rows = rowsOf(findings, lifetimeSeconds);
	const page = join(DOCS, "why-sessions.md");
	writeFileSync(
		page,
		readFileSync(page, "utf8").replace(TABLE, () => `\n${markdown(rows)}\n`),
	);
	writeFileSync(join(DOCS, "images", "why-sessions.svg"), chart(rows, lifetimeSeconds));
}

function markdown(rows: Row[]): string {
	const head = [
		"",
		"served after the revocation",
		"until the refusal",
		"look-ups",
		"requests/s",
		"must be stored",
		"ends",
	];
	const lines = rows.map((row) => [
		row.title,
		row.served,
		row.refused,
		row.lookups,
		`${row.speed.toFixed(2)} ×`,
		row.stores,
		row.ends,
	]);
	return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function rowsOf(findings: Finding[], lifetimeSeconds: number): Row[] {
	const isMinutes = lifetimeSeconds > 60 && lifetimeSeconds % 60 === 0;
	const lifetime = isMinutes ? `${lifetimeSeconds / 60} minutes` : `${lifetimeSeconds} seconds`;
	const kickoff = findings.find(({ name }) => name === "kickoff")?.requestsPerSecond ?? [];
	return findings.map(({ name, watched, requestsPerSecond, statementsPerRequest }) => {
		const served = watched.reduce((sum, one) => sum + one.served, 0);
		const times = watched.map((one) => one.refusedAfterMs ?? Number.POSITIVE_INFINITY);
		const [middle, longest] = [median(times), Math.max(...times)];
		const ratios = requestsPerSecond.map((own, round) => own / (kickoff[round] ?? Number.NaN));
		return {
			title: subjects[name].title(lifetime),
			served: served.toLocaleString("en"),
			refused: refusal(served, middle, longest, lifetimeSeconds),
			longestSeconds: served === 0 ? 0 : Number.isFinite(longest) ? longest / 1000 : null,
			lookups: statementsPerRequest.toFixed(1).replace(".0", ""),
			requestsPerSecond: median(requestsPerSecond),
			speed: median(ratios),
			stores: subjects[name].stores,
			ends: subjects[name].ends,
		};
	});
}

function refusal(served: number, middleMs: number, longestMs: number, lifetimeSeconds: number): string {
	if (served === 0) return "the next request";
	if (!Number.isFinite(longestMs)) return `never, while we watched (${lifetimeSeconds + 10} s)`;
	return `${duration(middleMs)}, at most ${duration(longestMs)}`;
}

const duration = (ms: number) => (ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(0)} s`);
