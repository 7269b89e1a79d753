/**
 * An instance with a PostgreSQL of its own, both of which a test may harm by writing a line to our standard input (see
 * lonely.ts). It ends with its parent. Between the two is a relay, so that the database keeps its address.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/db/embedded";
import { freePort } from "@/db/embedded-server";
import { migrateDatabase } from "@/db/migrate";
import { launch } from "@/scripts/launch";
import type { Stage } from "./acts";
import { type App, startApp } from "./app";
import { ROOT } from "./build";
import type { Act } from "./lonely";
import { NOTING } from "./noted-secrets";

/** Few, so that it does not take long to take them all. */
const CONNECTIONS = 50;
const folder = join(ROOT, ".data", "e2e", "lonely");
let database: EmbeddedPostgres | undefined;
let relay: Server | undefined;
let frozen = false;
let paused = false;
const sockets = new Set<Socket>();
/** Connections past the relay, by which the database is harmed from the inside. */
const intruders: postgres.Sql[] = [];
const INTRUDER = "intruder";

launch(async (run) => {
	run.onExit(stopDatabase);
	const databasePort = await freePort();
	await startDatabase(databasePort);
	await inDatabase((sql) => sql.unsafe(`alter system set max_connections = ${CONNECTIONS}`));
	// A run that was killed may have left it otherwise. The number of connections changes with the next start.
	await setReadOnly("off");
	await stopDatabase();
	await startDatabase(databasePort);
	await migrateDatabase(addressOf(databasePort));

	const port = await freePort();
	const environment = {
		DATABASE_URL: addressOf(databasePort),
		APP_URL: `http://localhost:${port}`,
		ALLOWED_ORIGINS: "",
		TRUSTED_PROXY_HOPS: "1",
		// All acts of acts.ts wait at once, and the queue with them.
		DATABASE_POOL_SIZE: "20",
		LOG_LEVEL: "silent",
	};
	// Not imported earlier, because the product's code learns from the environment where its database is.
	Object.assign(process.env, environment);
	const { createPerson, PASSWORD, startSessionOf } = await import("./people");
	const { prepareActs } = await import("./acts");
	const { forceLogout } = await import("@/lib/admin/force-logout");
	let app: App;
	let stage: Stage;
	const startInstance = async () => {
		app = startApp({ name: "lonely-app", folder: ROOT, port, environment: { ...environment, ...NOTING } });
		await app.ready;
	};
	run.onExit(() => app.stop());
	await startInstance();
	console.log(`ready ${environment.APP_URL}`);

	const acts: Record<Act, (id?: string) => unknown> = {
		stop: stopDatabase,
		start: () => startDatabase(databasePort),
		restart: async () => {
			await stopDatabase();
			await startDatabase(databasePort);
		},
		freeze: () => {
			frozen = true;
		},
		thaw: () => {
			frozen = false;
			for (const socket of sockets) socket.destroy();
		},
		pause: () => {
			paused = true;
			for (const socket of sockets) socket.pause();
		},
		resume: () => {
			paused = false;
			for (const socket of sockets) socket.resume();
		},
		"read-only": () => setReadOnly("on"),
		writable: () => setReadOnly("off"),
		exhaust: takeAllConnections,
		"hold-log": () => lockTable("audit_events", "access exclusive"),
		"hold-users": () => lockTable("users", "access exclusive"),
		release: letGo,
		"await-writer": someoneWaitsForLock,
		"begin-acts": async (table = "") => {
			await inDatabase(demoteOwners);
			stage = await prepareActs(environment.APP_URL);
			await lockTable(table, "share");
			stage.begin();
			await inDatabase((sql) => allAreAnsweredOrWait(sql, stage));
		},
		"judge-acts": () => stage.judge(),
		"cut-listener": (sessionId = "") => inDatabase((sql) => cutListener(sql, sessionId)),
		kill: () => app.kill(),
		run: startInstance,
		person: async () => {
			const session = await startSessionOf(await createPerson({ role: "owner", password: PASSWORD }));
			return { ...session.user, sessionId: session.sessionId, cookie: session.cookie };
		},
		"force-logout": (sessionId = "") => forceLogout({ operator: "a test" }, [sessionId]),
	};
	for await (const line of createInterface(process.stdin)) {
		const [act, argument] = line.split(" ") as [Act, string | undefined];
		const result = await acts[act](argument);
		console.log(`done ${act} ${JSON.stringify(result ?? null)}`);
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
	await letGo();
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
		if (paused) from.pause();
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

function intruder(): postgres.Sql {
	const connection = { application_name: INTRUDER };
	const sql = postgres(database?.url ?? "", { max: 1, onnotice: () => {}, max_lifetime: null, connection });
	intruders.push(sql);
	return sql;
}

/** Ends what any of the acts below holds. */
async function letGo(): Promise<void> {
	await Promise.all(intruders.splice(0).map((sql) => sql.end({ timeout: 0 })));
}

async function inDatabase(work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
	const sql = postgres(database?.url ?? "", { max: 1, onnotice: () => {} });
	try {
		await work(sql);
	} finally {
		await sql.end();
	}
}

/** As on a standby, also in connections that are open already. */
async function setReadOnly(value: "on" | "off"): Promise<void> {
	await inDatabase(async (sql) => {
		await sql.unsafe(`alter system set default_transaction_read_only = ${value}`);
		await sql`select pg_reload_conf()`;
	});
}

/** Others take every connection that there is, those of the app too: also one that it is just making, which nobody sees yet. */
async function takeAllConnections(): Promise<void> {
	const first = intruder();
	let taken = 0;
	for (let next = first; taken < CONNECTIONS; next = intruder()) {
		if (await takesConnection(next)) taken++;
		else
			await first`
				select pg_terminate_backend(pid) from pg_stat_activity
				where backend_type = 'client backend' and application_name <> ${INTRUDER}
			`;
	}
}

const takesConnection = (sql: postgres.Sql) =>
	sql`select`.then(
		() => true,
		() => false,
	);

/** Whoever comes to this table has to wait; with a shared lock, whoever comes to write. */
async function lockTable(name: string, mode: "access exclusive" | "share"): Promise<void> {
	const sql = intruder();
	await sql`begin`;
	await sql.unsafe(`lock table ${name} in ${mode} mode`);
}

/** Three of the acts lock every owner, and would wait for each other. */
const demoteOwners = (sql: postgres.Sql) => sql`update users set role = 'admin' where role = 'owner'`;

/** Waits for acts that stand before the locked table. Each is in a transaction, unlike the queue that looks for its next job. */
async function allAreAnsweredOrWait(sql: postgres.Sql, stage: Stage): Promise<void> {
	for (;;) {
		const waiting = await sql`
			select from pg_stat_activity
			where wait_event_type = 'Lock' and wait_event = 'relation' and xact_start < query_start
		`;
		if (waiting.length === stage.unanswered()) return;
		await wait(20);
	}
}

async function someoneWaitsForLock(): Promise<void> {
	await inDatabase(async (sql) => {
		for (;;) {
			const waiting = await sql`select from pg_stat_activity where wait_event_type = 'Lock'`;
			if (waiting.length > 0) return;
		}
	});
}

/** The instance stops hearing announcements, and in the same moment misses one: that this session has ended. */
async function cutListener(sql: postgres.Sql, sessionId: string): Promise<void> {
	await sql.begin(async (tx) => {
		await tx`select pg_terminate_backend(pid, 1000) from pg_stat_activity where application_name = 'kickoff feed'`;
		await tx`delete from sessions where id = ${sessionId}`;
	});
}
