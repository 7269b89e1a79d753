/** Preloaded into each server: tells the benchmark what the process uses, and never outlives it. */

export interface MemoryUse {
	heapBytes: number;
	/** All that the process holds (resident set size). */
	rssBytes: number;
}

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
};

process.on("message", (question) => {
	if (question === "cpuMs" || question === "memory") process.send?.(answers[question]());
});
process.on("disconnect", () => process.exit());
