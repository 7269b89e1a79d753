/** The one pool of database connections. */
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { type ClientBase, type ClientConfig, Pool, type PoolClient, type QueryConfig } from "pg";
import "@/db/failed-query";
import { processWide } from "@/db/process-wide";
import { isOutage } from "./errors";

const CONNECT_TIMEOUT_SECONDS = 5;
/** PostgreSQL itself gives a statement up after this, unless its transaction sets another limit (see the fence). */
const STATEMENT_TIMEOUT_SECONDS = 15;
/**
 * When not even that is heard of, nobody is there any more: a machine froze, a cable was pulled. The connection is given
 * up, and the next one finds the server that took over. TCP would go on waiting for a quarter of an hour.
 */
const SILENCE_SECONDS = 20;
/** Keeps the routers in between from forgetting a connection that is not used. */
const KEEP_ALIVE_SECONDS = 30;

/** What all connections for statements have in common. */
export const connectionOptions = (): ClientConfig => ({
	connectionString: process.env.DATABASE_URL,
	connectionTimeoutMillis: CONNECT_TIMEOUT_SECONDS * 1000,
	keepAlive: true,
	keepAliveInitialDelayMillis: KEEP_ALIVE_SECONDS * 1000,
	query_timeout: SILENCE_SECONDS * 1000,
	application_name: "kickoff",
});

/** Connects on first use, so importing it (as `next build` does) needs no database. */
export const connections = processWide("connections", () => {
	const pool = new Pool({
		...connectionOptions(),
		max: Number(process.env.DATABASE_POOL_SIZE ?? 10),
		idleTimeoutMillis: 0,
		onConnect: limitStatements,
	});
	// A connection that breaks says so here, whatever it was doing; unheard, that would end the process. The pool drops
	// it, and whoever was using it hears of it from their own statement.
	pool.on("connect", (client) => client.on("error", () => {}));
	pool.on("error", () => {});
	return pool;
});

/** Call it on a new connection. Not a parameter of it, because poolers such as PgBouncer refuse those that they do not know. */
export async function limitStatements(connection: ClientBase): Promise<void> {
	await connection.query(`set statement_timeout = '${STATEMENT_TIMEOUT_SECONDS}s'`);
}

/** An open transaction; everything a fenced write does goes through one. */
export type Transaction = Omit<NodePgDatabase, "transaction">;

interface TransactionOptions {
	/** How long a statement may be silent before the connection is given up. Longer than its limit on the server. */
	silenceSeconds?: number;
}

/**
 * Runs the work in a transaction on a connection of its own. When that breaks, the transaction is over: no statement of it
 * is ever carried on with elsewhere. (Drizzle's own, on a pool, loses the connection for good when `begin` fails.)
 */
async function transaction<T>(
	work: (tx: Transaction) => Promise<T>,
	{ silenceSeconds = SILENCE_SECONDS }: TransactionOptions = {},
): Promise<T> {
	const connection = await connections.connect();
	const query = (statement: QueryConfig, values?: unknown[]) =>
		connection.query({ ...statement, query_timeout: silenceSeconds * 1000 } as QueryConfig, values);
	let lost = false;
	try {
		await connection.query("begin");
		const result = await work(drizzle({ query } as PoolClient));
		await connection.query("commit");
		return result;
	} catch (error) {
		lost = isOutage(error) || !(await rolledBack(connection));
		throw error;
	} finally {
		// A lost connection is closed, and its transaction ends with it. In the pool it would block whoever got it next.
		connection.release(lost);
	}
}

const rolledBack = (connection: PoolClient) =>
	connection.query("rollback").then(
		() => true,
		() => false,
	);

export const db = Object.assign(drizzle(connections), { transaction });

export type Database = typeof db;
