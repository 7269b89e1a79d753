/**
 * Everything that the tests talk to, started by playwright.config.ts as one process that ends when its parent does: an
 * empty PostgreSQL database of this run's own, two instances of the production build on it (what holds, must hold on
 * both), and a third whose proxy was taken out (everything must be safe without it).
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { freePort } from "@/db/embedded-server";
import { launch } from "@/scripts/launch";
import { startApp } from "./app";
import { ensureBrowser } from "./browser";
import { buildWithoutProxy, ensureBuild, ROOT } from "./build";
import { createDatabase } from "./database-server";

stopWithParent();

launch(async (run) => {
	ensureBrowser();
	ensureBuild();
	const database = await createDatabase(join(ROOT, ".data", "e2e"));
	run.onExit(database.drop);
	run.signal.throwIfAborted();

	const [first, second, withoutProxy] = [await freePort(), await freePort(), await freePort()];
	const address = (port: number) => `http://localhost:${port}`;
	const environment = {
		DATABASE_URL: database.url,
		APP_URL: address(first),
		ALLOWED_ORIGINS: [address(second), address(withoutProxy)].join(),
		SESSION_SECRET: randomBytes(32).toString("base64url"),
	};
	const apps = [
		startApp({ name: "app", folder: ROOT, port: first, environment }),
		startApp({ name: "second-app", folder: ROOT, port: second, environment }),
		startApp({ name: "app-without-proxy", folder: buildWithoutProxy(), port: withoutProxy, environment }),
	];
	for (const app of apps) run.onExit(app.stop);
	await Promise.all(apps.map((app) => app.ready));

	const more = { SECOND_APP_URL: address(second), APP_WITHOUT_PROXY_URL: address(withoutProxy) };
	console.log(`ready ${JSON.stringify({ ...environment, ...more })}`);
	await new Promise((resolve) => run.signal.addEventListener("abort", resolve));
	return 0;
});

/** However the parent ends, its end of our standard input closes. */
function stopWithParent(): void {
	process.stdin.on("close", () => process.kill(process.pid, "SIGTERM")).resume();
}
