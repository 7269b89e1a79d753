/**
 * Before each test file: makes a database of its own, a copy of the migrated template, and points the environment at
 * it. So a file may do what it likes with its data, and files run at the same time. `db/client.ts` just works.
 * Afterwards it leaves the process as it was: the next file runs in it too.
 */
import postgres from "postgres";
import { afterAll, inject, vi } from "vitest";
import { testDatabaseName, urlOfDatabase } from "./names";

const environmentBefore = { ...process.env };
const server = inject("postgres");
const name = testDatabaseName();
await onServer((connection) => connection`create database ${connection(name)} template ${connection(server.template)}`);

process.env.DATABASE_URL = urlOfDatabase(server.url, name);

afterAll(async () => {
	try {
		const { connections } = await import("@/db/client");
		const { listener } = await import("@/db/listener");
		await Promise.all([connections.end(), listener.end()]);
		await onServer((connection) => connection`drop database ${connection(name)} with (force)`);
	} finally {
		// A file that cannot be cleared away fails alone, and not the next one with it.
		forgetFile();
	}
});

/** Nothing of ours goes on to the next file: no module, nothing that is kept process-wide, nothing that was replaced. */
function forgetFile(): void {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	vi.unstubAllEnvs();
	for (const name of Object.keys(process.env)) delete process.env[name];
	Object.assign(process.env, environmentBefore);
	for (const key of Object.getOwnPropertySymbols(globalThis)) {
		if (key.description?.startsWith("kickoff.")) Reflect.deleteProperty(globalThis, key);
	}
	vi.resetModules();
}

async function onServer(statement: (connection: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
	const connection = postgres(server.url, { max: 1, onnotice: () => {} });
	try {
		await statement(connection);
	} finally {
		await connection.end();
	}
}
