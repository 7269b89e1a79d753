/**
 * The one pool of database connections. It hangs on `globalThis` because the proxy and the pages are bundled apart and
 * would each get a copy of this module, and because a development reload would otherwise leak a pool.
 */
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";

const CONNECT_TIMEOUT_SECONDS = 5;

const shared = globalThis as unknown as { kickoffConnections?: postgres.Sql };

/** Connects on first use, so importing it (as `next build` does) needs no database. */
export const connections = (shared.kickoffConnections ??= postgres(process.env.DATABASE_URL ?? "", {
	max: Number(process.env.DATABASE_POOL_SIZE ?? 10),
	connect_timeout: CONNECT_TIMEOUT_SECONDS,
	connection: { application_name: "kickoff" },
	onnotice: () => {},
}));

export const db = drizzle(connections);

export type Database = typeof db;
/** An open transaction; everything a fenced write does goes through one. */
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
