/**
 * Before each test file: makes a database of its own, a copy of the migrated template, and points the environment at
 * it. So a file may do what it likes with its data, and files run at the same time. `db/client.ts` just works.
 */
import postgres from "postgres";
import { afterAll, inject } from "vitest";
import { testDatabaseName, urlOfDatabase } from "./names";

const server = inject("postgres");
const name = testDatabaseName();
await onServer((connection) => connection`create database ${connection(name)} template ${connection(server.template)}`);

process.env.DATABASE_URL = urlOfDatabase(server.url, name);

afterAll(async () => {
	const { connections } = await import("@/db/client");
	const { listener } = await import("@/db/listener");
	await Promise.all([connections.end(), listener.end()]);
	await onServer((connection) => connection`drop database ${connection(name)} with (force)`);
});

async function onServer(statement: (connection: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
	const connection = postgres(server.url, { max: 1, onnotice: () => {} });
	try {
		await statement(connection);
	} finally {
		await connection.end();
	}
}
