/** The one pool of database connections. */
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import "@/db/failed-query";
import { processWide } from "@/db/process-wide";

const CONNECT_TIMEOUT_SECONDS = 5;

/** Connects on first use, so importing it (as `next build` does) needs no database. */
export const connections = processWide("connections", () => {
	const pool = new Pool({
		connectionString: process.env.DATABASE_URL,
		max: Number(process.env.DATABASE_POOL_SIZE ?? 10),
		connectionTimeoutMillis: CONNECT_TIMEOUT_SECONDS * 1000,
		idleTimeoutMillis: 0,
		keepAlive: true,
		application_name: "kickoff",
	});
	// A connection that breaks says so here, whatever it was doing; unheard, that would end the process. The pool drops
	// it, and whoever was using it hears of it from their own statement.
	pool.on("connect", (client) => client.on("error", () => {}));
	pool.on("error", () => {});
	return pool;
});

/** An open transaction; everything a fenced write does goes through one. */
export type Transaction = Omit<NodePgDatabase, "transaction">;

/**
 * Runs the work in a transaction on a connection of its own. When that breaks, the transaction is over: no statement of it
 * is ever carried on with elsewhere. (Drizzle's own, on a pool, loses the connection for good when `begin` fails.)
 */
async function transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
	const connection = await connections.connect();
	try {
		await connection.query("begin");
		const result = await work(drizzle(connection));
		await connection.query("commit");
		return result;
	} catch (error) {
		// If even this fails, the connection is gone, and the transaction with it.
		await connection.query("rollback").catch(() => {});
		throw error;
	} finally {
		connection.release();
	}
}

export const db = Object.assign(drizzle(connections), { transaction });

export type Database = typeof db;
