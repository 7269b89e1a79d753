/**
 * Before the first test: starts one PostgreSQL for all of them and migrates a template in it. Afterwards it stops it.
 * With TEST_DATABASE_URL (of a server on which databases may be created) it uses that one instead.
 */
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
import { PREFIX, testDatabaseName, urlOfDatabase } from "./names";

declare module "vitest" {
	export interface ProvidedContext {
		/** The test server, and the migrated database in it of which every test file gets a copy. */
		postgres: { url: string; template: string };
	}
}

const DATA_FOLDER = join(import.meta.dirname, "..", "..", ".data", "unit-test");
const LEFTOVERS_AGE_HOURS = 24;

export default async function startTestServer(project: TestProject): Promise<() => Promise<void>> {
	const server = process.env.TEST_DATABASE_URL
		? { url: process.env.TEST_DATABASE_URL, stop: async () => {} }
		: await startEmbeddedPostgres({ folder: DATA_FOLDER, durable: false });
	const connection = postgres(server.url, { max: 1, onnotice: () => {} });
	const template = testDatabaseName();
	await dropLeftovers(connection);
	await connection`create database ${connection(template)}`;
	await migrateDatabase(urlOfDatabase(server.url, template));
	project.provide("postgres", { url: server.url, template });

	return async () => {
		await connection`drop database ${connection(template)} with (force)`;
		await connection.end();
		await server.stop();
	};
}

/** What runs that were killed left behind. Younger ones may belong to a run that is going on. */
async function dropLeftovers(connection: postgres.Sql): Promise<void> {
	const newest = testDatabaseName(Date.now() - LEFTOVERS_AGE_HOURS * 3_600_000);
	const leftovers = await connection<{ datname: string }[]>`
		select datname from pg_database where starts_with(datname, ${PREFIX}) and datname < ${newest}
	`;
	for (const { datname } of leftovers) await connection`drop database ${connection(datname)} with (force)`;
}
