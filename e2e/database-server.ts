/** A database for one run of the tests, on an embedded PostgreSQL of their own. */
import postgres from "postgres";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
import { PREFIX, testDatabaseName, urlOfDatabase } from "@/db/testing/names";

/** Creates and migrates it. `drop` drops it, and stops the server when no other run in this checkout uses it. */
export async function createDatabase(folder: string): Promise<{ url: string; drop(): Promise<void> }> {
	const server = await startEmbeddedPostgres({ folder, durable: false });
	const connection = postgres(server.url, { max: 1, onnotice: () => {} });
	await dropAbandoned(connection);
	const name = testDatabaseName();
	await connection`create database ${connection(name)}`;
	const url = urlOfDatabase(server.url, name);
	await migrateDatabase(url);
	return {
		url,
		drop: async () => {
			await connection`drop database ${connection(name)} with (force)`;
			await connection.end();
			await server.stop();
		},
	};
}

/** Those that runs left behind which were killed: nobody is connected to them. */
async function dropAbandoned(connection: postgres.Sql): Promise<void> {
	const abandoned = await connection<{ name: string }[]>`
		select datname as name from pg_database
		where starts_with(datname, ${PREFIX}) and not exists (select from pg_stat_activity where datname = pg_database.datname)
	`;
	for (const { name } of abandoned) await connection`drop database if exists ${connection(name)} with (force)`;
}
