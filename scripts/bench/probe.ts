/** Preloaded into each server: tells the benchmark what the process uses and asks, and never outlives it. */
import pg from "pg";

export interface MemoryUse {
	heapBytes: number;
	/** All that the process holds (resident set size). */
	rssBytes: number;
}

let statements = 0;
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function counted(this: pg.Client, ...call: unknown[]) {
	statements++;
	return Reflect.apply(query, this, call);
} as typeof query;

const answers = {
	cpuMs(): number {
		const { user, system } = process.cpuUsage();
		return (user + system) / 1000;
	},
	memory(): MemoryUse {
		globalThis.gc?.();
		const { heapUsed, rss } = process.memoryUsage();
		return { heapBytes: heapUsed, rssBytes: rss };
	},
	statements: () => statements,
};

export type Question = keyof typeof answers;

process.on("message", (question) => {
	if (typeof question === "string" && question in answers) process.send?.(answers[question as Question]());
});
process.on("disconnect", () => process.exit());
