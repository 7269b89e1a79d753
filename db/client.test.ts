import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "./client";

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

beforeAll(async () => {
	relay.listen(0, "127.0.0.1");
	await once(relay, "listening");
	const url = new URL(direct);
	url.port = String((relay.address() as AddressInfo).port);
	process.env.DATABASE_URL = url.href;
	process.env.DATABASE_POOL_SIZE = "2";
	({ db } = await import("./client"));
});

afterAll(() => relay.close());

const fallSilent = () => {
	for (const socket of sockets) socket.unpipe();
	sockets.clear();
};

test("connections that fall silent are given up, also in a transaction, and the next ones work", async () => {
	const ask = () => db.execute(sql`select 1`);
	const slow = () => db.execute(sql`select pg_sleep(0.2)`);
	await Promise.all([slow(), slow()]);
	const inTransaction = db.transaction(async (tx) => {
		await tx.execute(sql`select 1`);
		fallSilent();
		await tx.execute(sql`select 1`);
	});
	const outside = ask();
	for (const silent of [inTransaction, outside]) await expect(silent).rejects.toThrow();
	await ask();
	await db.transaction((tx) => tx.execute(sql`select 1`));
});

test("a statement that takes too long is given up by the database itself", async () => {
	const { rows } = await db.execute<{ limit: string }>(sql`select current_setting('statement_timeout') as limit`);
	expect(rows).toEqual([{ limit: "15s" }]);
});
