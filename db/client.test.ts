import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "./client";
import type { pipelined as Pipelined } from "./pipeline";
import { users } from "./schema";

/** Between us and the database, to cut connections such that neither side hears of it. */
const sockets = new Set<Socket>();
const relay = createServer((client) => {
	const { hostname, port } = new URL(direct);
	const server = connect(Number(port), hostname);
	for (const [from, to] of [
		[client, server],
		[server, client],
	] as const) {
		sockets.add(from.on("error", () => {}).on("close", () => to.destroy()));
		from.pipe(to);
	}
});
const direct = process.env.DATABASE_URL ?? "";
let db: Database;
let pipelined: typeof Pipelined;

beforeAll(async () => {
	relay.listen(0, "127.0.0.1");
	await once(relay, "listening");
	const url = new URL(direct);
	url.port = String((relay.address() as AddressInfo).port);
	process.env.DATABASE_URL = url.href;
	process.env.DATABASE_POOL_SIZE = "2";
	({ db } = await import("./client"));
	({ pipelined } = await import("./pipeline"));
});

afterAll(() => relay.close());

const fallSilent = () => {
	for (const socket of sockets) socket.unpipe();
	sockets.clear();
};

test("connections that fall silent are given up, also in a transaction, and the next ones work", async () => {
	// Drizzle sends a statement only when somebody waits for it, as an async function does.
	const ask = async () => db.execute(sql`select 1`);
	const slow = async () => db.execute(sql`select pg_sleep(0.2)`);
	await Promise.all([slow(), slow()]);
	const inTransaction = db.transaction(async (tx) => {
		await tx.execute(sql`select 1`);
		fallSilent();
		await Promise.all([tx.execute(sql`select 1`), expect(ask()).rejects.toThrow("Failed query")]);
	});
	await expect(inTransaction).rejects.toThrow("Failed query");
	await ask();
	await db.transaction((tx) => tx.execute(sql`select 1`));
});

test("a statement that takes too long is given up by the database itself", async () => {
	for (const connection of [db, pipelined]) {
		const { rows } = await connection.execute(sql`select current_setting('statement_timeout') as limit`);
		expect(rows).toEqual([{ limit: "15s" }]);
	}
});

const backend = async () => {
	const { rows } = await pipelined.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
	return rows[0]?.pid;
};

test("statements on the shared connection do not wait for each other's answers, and fail alone", async () => {
	const statements = [sql`select pg_sleep(0.2)`, sql`select 1 / 0`, sql`select pg_backend_pid() as pid`];
	const answers = await Promise.allSettled(statements.map((statement) => pipelined.execute(statement)));
	expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
	expect(new Set(await Promise.all([backend(), backend(), backend()])).size).toBe(1);
});

test("a shared connection that is cut off is made again by the next statement", async () => {
	const before = await backend();
	const underWay = pipelined.execute(sql`select pg_sleep(60)`);
	await db.execute(sql`select pg_terminate_backend(${before})`);
	await expect(underWay).rejects.toThrow();
	expect(await backend()).not.toBe(before);
});

test("a shared connection on which a statement failed is replaced: what is prepared on it may be stale", async () => {
	const prepared = pipelined.select({ id: users.id }).from(users).limit(1).prepare("a_statement");
	await prepared.execute();
	await pipelined.execute(sql`deallocate all`);
	await expect(prepared.execute()).rejects.toThrow();
	expect(await prepared.execute()).toEqual([]);
});

test("a shared connection that is replaced is closed", async () => {
	const open = async () => {
		const { rows } = await db.execute(sql`select from pg_stat_activity where datname = current_database()`);
		return rows.length;
	};
	const fail = async () => pipelined.execute(sql`do $$ begin raise sqlstate '53200'; end $$`);
	await backend();
	const before = await open();
	for (let time = 0; time < 5; time++) await expect(fail()).rejects.toThrow();
	await backend();
	await expect.poll(open).toBeLessThanOrEqual(before);
});

test("a shared connection that falls silent is given up with all that is under way, and the next one works", async () => {
	const before = await backend();
	fallSilent();
	const silent = await Promise.allSettled([backend(), backend()]);
	expect(silent.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
	expect(await backend()).not.toBe(before);
});
