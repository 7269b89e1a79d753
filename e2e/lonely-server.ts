/**
 * An instance with a PostgreSQL of its own, which a test may stop, start and freeze by writing a line to our standard
 * input. It ends with its parent. Between the two is a relay, so that the database keeps its address.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/db/embedded";
import { freePort } from "@/db/embedded-server";
import { migrateDatabase } from "@/db/migrate";
import { launch } from "@/scripts/launch";
import { startApp } from "./app";
import { ROOT } from "./build";

const folder = join(ROOT, ".data", "e2e", "lonely");
let database: EmbeddedPostgres | undefined;
let relay: Server | undefined;
let frozen = false;
const sockets = new Set<Socket>();

launch(async (run) => {
	run.onExit(stopDatabase);
	const databasePort = await freePort();
	await startDatabase(databasePort);
	await migrateDatabase(addressOf(databasePort));

	const port = await freePort();
	const environment = {
		DATABASE_URL: addressOf(databasePort),
		APP_URL: `http://localhost:${port}`,
		ALLOWED_ORIGINS: "",
		SESSION_SECRET: "a secret for an instance that lives for one test",
		LOG_LEVEL: "silent",
	};
	const app = startApp({ name: "lonely-app", folder: ROOT, port, environment });
	run.onExit(app.stop);
	await app.ready;
	console.log(`ready ${environment.APP_URL}`);

	const acts: Record<string, () => Promise<void> | void> = {
		stop: stopDatabase,
		start: () => startDatabase(databasePort),
		freeze: () => {
			frozen = true;
		},
		thaw: () => {
			frozen = false;
			for (const socket of sockets) socket.destroy();
		},
	};
	for await (const line of createInterface(process.stdin)) {
		await acts[line]?.();
		console.log(`done ${line}`);
	}
	return 0;
});

async function startDatabase(port: number): Promise<void> {
	database = await startEmbeddedPostgres({ folder, durable: false });
	const to = Number(new URL(database.url).port);
	relay = createServer((client) => passOn(client, connect(to, "127.0.0.1")));
	await new Promise<void>((resolve) => relay?.listen(port, "127.0.0.1", resolve));
}

async function stopDatabase(): Promise<void> {
	relay?.close();
	await database?.stop();
	for (const socket of sockets) socket.destroy();
	database = undefined;
}

/** Passes on what either side says, unless frozen. */
function passOn(client: Socket, server: Socket): void {
	for (const [from, to] of [
		[client, server],
		[server, client],
	] as const) {
		sockets.add(from);
		from.on("data", (data) => frozen || to.write(data));
		from.on("error", () => {});
		from.on("close", () => {
			sockets.delete(from);
			to.destroy();
		});
	}
}

/** The database by way of the relay. */
function addressOf(port: number): string {
	const url = new URL(database?.url ?? "");
	url.port = String(port);
	return url.href;
}
