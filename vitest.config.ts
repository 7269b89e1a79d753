import { defineConfig } from "vitest/config";

/** Tests lie beside the file they test, and ask a real PostgreSQL: see db/testing and lib/testing. */
export default defineConfig({
	resolve: { tsconfigPaths: true },
	test: {
		include: ["*.test.ts", "{app,db,lib,scripts}/**/*.test.ts"],
		environment: "node",
		globalSetup: "db/testing/server.ts",
		setupFiles: "db/testing/database.ts",
		alias: { "next/headers": new URL("lib/testing/request.ts", import.meta.url).pathname },
		env: {
			APP_URL: "http://localhost:3000",
			SESSION_SECRET: "a secret that is known to tests alone",
			LOG_LEVEL: "silent",
		},
	},
});
