/** Prints what the benchmark found, as plain tables. */
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import next from "next/package.json" with { type: "json" };
import type { MemoryUse } from "./probe";
import { type Variant, variants } from "./variants";

/** What one variant did in its turn. */
export interface Sample {
	round: number;
	route: string;
	variant: Variant;
	requestsPerSecond: number;
	/** Of the server's process alone: PostgreSQL and the load have their own. */
	cpuMsPerRequest: number;
}

const names: Record<Variant, string> = {
	empty: "(a) an empty proxy",
	kickoff: "(b) a session, looked up",
	jwt: "(c) a JWT, re-signed",
};

/** (b) in requests per second, as a multiple of the others. */
const wanted: { than: Variant; atLeast: number }[] = [
	{ than: "empty", atLeast: 0.75 },
	{ than: "jwt", atLeast: 1 },
];

export function printHeading(options: Record<string, number>, postgresVersion: string): void {
	const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
	console.log(`${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC · ${machine}`);
	console.log(`Node ${process.versions.node} · Next ${next.version} · PostgreSQL ${postgresVersion}`);
	const settings = Object.entries(options).map(([name, value]) => `${value} ${name}`);
	console.log(`${settings.join(" · ")} · load average ${loadavg()[0]?.toFixed(1)}`);
}

export function printSpeed(samples: Sample[]): void {
	for (const route of routesOf(samples)) {
		console.log(`\n${route.padEnd(26)}${"requests/s".padStart(12)}${"CPU ms/request".padStart(16)}`);
		for (const variant of variants) {
			const own = samplesOf(samples, route, variant);
			const perSecond = median(own.map((sample) => sample.requestsPerSecond)).toFixed(0);
			const cpuMs = median(own.map((sample) => sample.cpuMsPerRequest)).toFixed(2);
			console.log(`${names[variant].padEnd(26)}${perSecond.padStart(12)}${cpuMs.padStart(16)}`);
		}
		for (const { than, atLeast } of wanted) {
			const ratios = ratiosTo(than, samples, route);
			const [least, middle, most] = [Math.min(...ratios), median(ratios), Math.max(...ratios)].map(atMost);
			const verdict = median(ratios) >= atLeast ? "met" : "MISSED";
			console.log(`(b) ÷ ${letter(than)} = ${middle} (${least} to ${most}); wanted ≥ ${atLeast}: ${verdict}`);
		}
	}
}

/** What a server holds after so many requests. */
export interface Memory extends MemoryUse {
	variant: Variant;
	requests: number;
}

export function printMemory(memory: Memory[]): void {
	const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`.padStart(12);
	console.log(`\n${"memory".padEnd(26)}${"requests".padStart(12)}${"heap".padStart(12)}${"RSS".padStart(12)}`);
	for (const variant of variants) {
		for (const { requests, heapBytes, rssBytes } of memory.filter((one) => one.variant === variant)) {
			const answered = requests.toLocaleString("en").padStart(12);
			console.log(`${names[variant].padEnd(26)}${answered}${mebibytes(heapBytes)}${mebibytes(rssBytes)}`);
		}
	}
}

/** Whether every wanted ratio is reached, for the page and for the JSON. */
export function wantedIsMet(samples: Sample[]): boolean {
	return routesOf(samples).every((route) =>
		wanted.every(({ than, atLeast }) => median(ratiosTo(than, samples, route)) >= atLeast),
	);
}

/** Rounded down, so that nothing that was missed looks as if it had been met. */
const atMost = (ratio: number) => (Math.floor(ratio * 100) / 100).toFixed(2);

/** For each round, the product's requests per second as a multiple of the other variant's. */
function ratiosTo(than: Variant, samples: Sample[], route: string): number[] {
	const others = samplesOf(samples, route, than);
	return samplesOf(samples, route, "kickoff").map(
		({ requestsPerSecond }, round) => requestsPerSecond / (others[round]?.requestsPerSecond ?? Number.NaN),
	);
}

const routesOf = (samples: Sample[]) => [...new Set(samples.map((sample) => sample.route))];
const samplesOf = (samples: Sample[], route: string, variant: Variant) =>
	samples.filter((sample) => sample.route === route && sample.variant === variant);
const letter = (variant: Variant) => names[variant].slice(0, 3);

/** The middle one; between two, their mean. */
export function median(values: number[]): number {
	const sorted = values.toSorted((one, other) => one - other);
	const [lower, upper] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
	return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
}
