/** Browser tests: the production build, twice, on a PostgreSQL of their own. How to write one: e2e/README.md. */
import { defineConfig, devices } from "@playwright/test";
import { findBrowser } from "./e2e/browser";

/** What e2e/server.ts said when it was ready: the product's environment, so that tests may use the product's code. */
Object.assign(process.env, JSON.parse(process.env.E2E_ENVIRONMENT ?? "{}"));

const SERVER_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 30_000;
/** A browser that talks to nobody but us. */
const BROWSER_FLAGS = [
	"--disable-gpu",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
/** The tests that act on everyone at once. */
const ON_EVERYONE = /everyone\.spec\.ts/;
/** Those that act on every owner or on every token: not in each other's way, but in everybody else's. */
const ON_ALL_OF_A_KIND = /(owners|keys)\.spec\.ts/;
/** What looks back at what the others left behind. */
const LAST = /logs\.spec\.ts/;

export default defineConfig({
	testDir: "e2e",
	outputDir: ".data/e2e/results",
	fullyParallel: true,
	workers: 2,
	forbidOnly: Boolean(process.env.CI),
	// For a hanging test, not for a slow machine.
	timeout: 120_000,
	expect: { timeout: 15_000 },
	reporter: [["list"]],
	use: {
		...devices["Desktop Chrome"],
		baseURL: process.env.APP_URL,
		screenshot: "only-on-failure",
		// Drawing what moves, and waiting until it stands still, takes its time: phone.spec.ts sees it move.
		contextOptions: { reducedMotion: "reduce" },
		launchOptions: { executablePath: findBrowser(), args: BROWSER_FLAGS },
	},
	projects: [
		{ name: "browser", testIgnore: [ON_EVERYONE, ON_ALL_OF_A_KIND, LAST] },
		{ name: "everyone", testMatch: ON_EVERYONE, dependencies: ["browser"], workers: 1 },
		{ name: "all of a kind", testMatch: ON_ALL_OF_A_KIND, dependencies: ["everyone"] },
		{ name: "last", testMatch: LAST, dependencies: ["all of a kind"] },
	],
	webServer: {
		command: "node --import tsx e2e/server.ts",
		wait: { stdout: /^ready (?<e2e_environment>\{.*\})$/m },
		timeout: SERVER_TIMEOUT_MS,
		gracefulShutdown: { signal: "SIGTERM", timeout: STOP_TIMEOUT_MS },
	},
});
