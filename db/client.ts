/** The one pool of database connections. */
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { processWide } from "@/db/process-wide";

const CONNECT_TIMEOUT_SECONDS = 5;

/** Connects on first use, so importing it (as `next build` does) needs no database. */
export const connections = processWide("connections", () =>
	postgres(process.env.DATABASE_URL ?? "", {
		max: Number(process.env.DATABASE_POOL_SIZE ?? 10),
		connect_timeout: CONNECT_TIMEOUT_SECONDS,
		connection: { application_name: "kickoff" },
		onnotice: () => {},
	}),
);

const LISTENER_RETRY_SECONDS = 0.25;

/** The one connection that listens for notifications; made at the first `listen`, and made again whenever it is lost. */
export const listener = processWide("listener", () =>
	postgres(process.env.DATABASE_URL ?? "", {
		max: 1,
		connect_timeout: CONNECT_TIMEOUT_SECONDS,
		connection: { application_name: "kickoff feed" },
		backoff: () => LISTENER_RETRY_SECONDS,
		onnotice: () => {},
	}),
);

export const db = drizzle(connections);

export type Database = typeof db;
/** An open transaction; everything a fenced write does goes through one. */
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
