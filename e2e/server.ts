/**
 * Everything that the tests talk to, started by playwright.config.ts as one process that ends when its parent does: an
 * empty PostgreSQL database of this run's own, two instances of the production build on it (what holds, must hold on
 * both), a third whose proxy was taken out (everything must be safe without it), a mail server and an identity provider.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { freePort } from "@/db/embedded-server";
import { newProviderKey, startIdentityProvider } from "@/scripts/identity-provider";
import { launch } from "@/scripts/launch";
import { startApp } from "./app";
import { ensureBrowser } from "./browser";
import { buildWithoutProxy, ensureBuild, ROOT } from "./build";
import { createDatabase } from "./database-server";
import { startHttpsRelay } from "./https-relay";
import { startMailbox } from "./mail-server";
import { forgetSecrets, NOTING } from "./noted-secrets";

stopWithParent();

launch(async (run) => {
	ensureBrowser();
	ensureBuild();
	forgetSecrets();
	const database = await createDatabase(join(ROOT, ".data", "e2e"));
	run.onExit(database.drop);
	run.signal.throwIfAborted();

	const [first, second, withoutProxy, spa] = [await freePort(), await freePort(), await freePort(), await freePort()];
	const address = (port: number) => `http://localhost:${port}`;
	const relay = await startHttpsRelay(first);
	run.onExit(relay.stop);
	const { SMTP_URL, MAILBOX_URL } = await startMailbox();
	const key = await newProviderKey();
	const identityProvider = { port: await freePort(), apps: [address(first)], people: [], key };
	const { settings, stop } = await startIdentityProvider(identityProvider);
	run.onExit(stop);
	const environment = {
		SMTP_URL,
		DATABASE_URL: database.url,
		APP_URL: address(first),
		ALLOWED_ORIGINS: [address(second), address(withoutProxy), relay.url, address(spa)].join(),
		OIDC_PROVIDERS: JSON.stringify([settings]),
		SESSION_SECRET: randomBytes(32).toString("base64url"),
	};
	const watched = { ...environment, ...NOTING };
	const apps = [
		startApp({ name: "app", folder: ROOT, port: first, environment: watched }),
		startApp({ name: "second-app", folder: ROOT, port: second, environment: watched }),
		startApp({ name: "app-without-proxy", folder: buildWithoutProxy(), port: withoutProxy, environment: watched }),
	];
	for (const app of apps) run.onExit(app.stop);
	await Promise.all(apps.map((app) => app.ready));

	const more = {
		MAILBOX_URL,
		PROVIDER_KEY: JSON.stringify(key),
		SECOND_APP_URL: address(second),
		APP_WITHOUT_PROXY_URL: address(withoutProxy),
		HTTPS_APP_URL: relay.url,
		SPA_URL: address(spa),
	};
	console.log(`ready ${JSON.stringify({ ...environment, ...more })}`);
	await new Promise((resolve) => run.signal.addEventListener("abort", resolve));
	return 0;
});

/** However the parent ends, its end of our standard input closes. */
function stopWithParent(): void {
	process.stdin.on("close", () => process.kill(process.pid, "SIGTERM")).resume();
}
