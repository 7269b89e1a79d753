/** An outage of the database, for tests of what happens then. */
import postgres from "postgres";
import { inject } from "vitest";

/** Runs `work` while the database of this test file takes no connections and has lost those that it had. */
export async function withoutDatabase<T>(work: () => Promise<T>): Promise<T> {
	const name = new URL(process.env.DATABASE_URL ?? "").pathname.slice(1);
	const connection = postgres(inject("postgres").url, { max: 1, onnotice: () => {} });
	try {
		await connection`alter database ${connection(name)} allow_connections false`;
		await connection`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
		return await work();
	} finally {
		await connection`alter database ${connection(name)} allow_connections true`;
		await connection.end();
	}
}
