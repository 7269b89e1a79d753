/** The PostgreSQL of a run: one that keeps the time of every commit, and that can be restarted or crashed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Pool } from "pg";
import { startEmbeddedPostgres } from "@/db/embedded";
import { embeddedHome } from "@/db/embedded-home";
import { runningServer, startServer, stopServer } from "@/db/embedded-server";
import { isOutage } from "@/db/errors";
import { migrateDatabase } from "@/db/migrate";
import { PREFIX, testDatabaseName, urlOfDatabase } from "@/db/testing/names";
import { DATA_FOLDER } from "../environment";
import type { Launch } from "../launch";
import { agentOf, operationOf } from "./ask";
import type { Operation } from "./history";

export const FOLDER = join(DATA_FOLDER, "check-revocation");
const CONNECTIONS = 30;

export interface Database {
	url: string;
	/** The checker's own connections. */
	pool: Pool;
	/** Stops the server and starts it again; with `crash` it gets no time to close anything. */
	restart(how: "restart" | "crash"): Promise<void>;
}

/** Starts a server of the checker's own, with an empty database. Both are gone at the end. */
export async function openDatabase({ onExit }: Launch): Promise<Database> {
	// What has committed must survive a crash, or the checker would blame the product for it: durable.
	const server = await startEmbeddedPostgres({ folder: FOLDER, durable: true });
	onExit(server.stop);
	const admin = quiet(new Pool({ connectionString: server.url, max: 1 }));
	onExit(() => admin.end());
	const restart = (how: "restart" | "crash") => restartServer(Number(new URL(server.url).port), how);

	const { rows } = await admin.query("show track_commit_timestamp");
	if (rows[0]?.track_commit_timestamp !== "on") {
		await admin.query("alter system set track_commit_timestamp = on");
		await restart("restart");
	}
	await dropLeftovers(admin);
	const name = testDatabaseName();
	await patiently(() => admin.query(`create database "${name}"`));
	onExit(async () => void (await patiently(() => admin.query(`drop database "${name}" with (force)`))));
	const url = urlOfDatabase(server.url, name);
	await migrateDatabase(url);
	const pool = quiet(new Pool({ connectionString: url, max: CONNECTIONS, application_name: "checker" }));
	onExit(() => pool.end());
	return { url, pool, restart };
}

/** Of runs that were killed. */
async function dropLeftovers(admin: Pool): Promise<void> {
	const { rows } = await patiently(() =>
		admin.query<{ name: string }>("select datname as name from pg_database where starts_with(datname, $1)", [PREFIX]),
	);
	for (const { name } of rows) await patiently(() => admin.query(`drop database if exists "${name}" with (force)`));
}

/** On the same port, so that everyone finds it again. */
async function restartServer(port: number, how: "restart" | "crash"): Promise<void> {
	const home = await embeddedHome(FOLDER);
	if (how === "restart") {
		await stopServer(home);
	} else {
		const [pid] = readFileSync(join(home.path, "data", "postmaster.pid"), "utf8").split("\n");
		// SIGQUIT is PostgreSQL's "immediate shutdown": no checkpoint, so that it has to recover.
		process.kill(Number(pid), "SIGQUIT");
		while (runningServer(home)) await wait(10);
	}
	let server = startServer(home, port, true);
	while (!runningServer(home)?.ready) {
		// Those it left behind may hold its memory for a moment longer.
		if (server.ended) server = startServer(home, port, true);
		await wait(20);
	}
}

/** Tries until the database can be asked: for the checker's own needs, which faults must not disturb. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await work();
		} catch (error) {
			if (!isOutage(error) || attempt === PATIENCE_ATTEMPTS) throw error;
			await wait(100);
		}
	}
}

const PATIENCE_ATTEMPTS = 300;

/** Locks rows as an update would, until the returned function is called. */
export async function holdRows({ pool }: Database, table: "users" | "sessions", ids: string[]) {
	const connection = await patiently(() => pool.connect());
	const attempt = (statement: string, values?: unknown[]) => connection.query(statement, values).catch(() => {});
	await attempt("begin");
	await attempt(`select from ${table} where id = any($1) order by id for no key update`, [ids]);
	return async () => {
		await attempt("rollback");
		connection.release(true);
	};
}

function quiet(pool: Pool): Pool {
	pool.on("error", () => {});
	pool.on("connect", (client) => client.on("error", () => {}));
	return pool;
}

/**
 * Notes when each operation's transaction committed. Every write leaves an audit event in its own transaction, and the
 * event names the operation: it keeps the request's User-Agent. What only says that an app was refused is no act.
 */
export async function noteCommits({ pool }: Database, operations: Operation[]): Promise<void> {
	const { rows } = await patiently(() =>
		pool.query<{ agent: string; at: string }>(
			`select user_agent as agent, max((extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint) as at
			from audit_events where starts_with(user_agent, $1) and action <> 'session.refresh_refused' group by user_agent`,
			[agentOf("")],
		),
	);
	const commits = new Map(rows.map(({ agent, at }) => [operationOf(agent), Number(at)]));
	for (const operation of operations) operation.committedUs = commits.get(operation.id);
}
