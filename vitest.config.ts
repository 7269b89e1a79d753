import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Tests lie beside the file they test, and ask a real PostgreSQL: see db/testing and lib/testing. */
export default defineConfig({
	resolve: { tsconfigPaths: true },
	test: {
		include: ["*.test.ts", "{app,db,lib,scripts}/**/*.test.ts"],
		environment: "node",
		// A worker goes on to the next file, and keeps Node and the libraries: db/testing/database.ts makes it forget ours.
		isolate: false,
		// Tests wait for PostgreSQL more than they compute: a worker for each core at the least, also on a small machine.
		maxWorkers: Math.max(3, availableParallelism() - 1),
		// For a hanging test, not for a slow machine.
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// Drizzle is hundreds of small files, and every test file loads it anew: as one bundle that takes a fraction.
		deps: {
			optimizer: {
				ssr: { enabled: true, include: ["drizzle-orm", "drizzle-orm/node-postgres", "drizzle-orm/pg-core"] },
			},
		},
		globalSetup: "db/testing/server.ts",
		setupFiles: "db/testing/database.ts",
		alias: { "next/headers": join(import.meta.dirname, "lib/testing/request.ts") },
		env: {
			APP_URL: "http://localhost:3000",
			SESSION_SECRET: "a secret that is known to tests alone",
			LOG_LEVEL: "silent",
		},
	},
});
