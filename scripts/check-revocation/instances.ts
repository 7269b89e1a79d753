/** Several instances of the app on one database, each of which can be frozen, killed and started again. */
import { randomBytes } from "node:crypto";
import { freePort } from "@/db/embedded-server";
import { startApp } from "@/e2e/app";
import type { Launch } from "../launch";

/** Small, so that the pool runs dry now and then. */
const POOL_SIZE = "6";

export interface Instances {
	/** Their addresses. */
	urls: string[];
	freeze(instance: number): void;
	thaw(instance: number): void;
	/** Kills it, and starts it again. */
	replace(instance: number): Promise<void>;
	stop(): Promise<void>;
}

/** The environment of a run: the checker seals cookies with the secret of the instances. */
export async function prepareEnvironment(databaseUrl: string, count: number): Promise<Record<string, string>> {
	const ports = await Promise.all(Array.from({ length: count }, freePort));
	const [first = "", ...others] = ports.map((port) => `http://localhost:${port}`);
	return {
		DATABASE_URL: databaseUrl,
		DATABASE_POOL_SIZE: POOL_SIZE,
		APP_URL: first,
		ALLOWED_ORIGINS: others.join(),
		SESSION_SECRET: randomBytes(32).toString("base64url"),
		// Nobody is asked for a password in the middle of a long run.
		STEP_UP_SECONDS: "86400",
		TRUSTED_PROXY_HOPS: "0",
		LOG_LEVEL: "warn",
	};
}

/** Starts them, and waits until they answer. */
export async function startInstances(
	{ folder, environment }: { folder: string; environment: Record<string, string> },
	{ onExit }: Pick<Launch, "onExit">,
): Promise<Instances> {
	const urls = [environment.APP_URL as string, ...(environment.ALLOWED_ORIGINS as string).split(",").filter(Boolean)];
	const start = (instance: number) =>
		startApp({
			name: `checker-${instance + 1}`,
			folder,
			port: Number(new URL(urls[instance] as string).port),
			environment,
		});
	const apps = urls.map((_, instance) => start(instance));
	const stop = async () => {
		for (const app of apps) app.thaw();
		await Promise.all(apps.map((app) => app.stop()));
	};
	onExit(stop);
	await Promise.all(apps.map((app) => app.ready));
	return {
		urls,
		freeze: (instance) => apps[instance]?.freeze(),
		thaw: (instance) => apps[instance]?.thaw(),
		replace: async (instance) => {
			await apps[instance]?.kill();
			const app = start(instance);
			apps[instance] = app;
			await app.ready;
		},
		stop,
	};
}
