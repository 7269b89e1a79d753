import postgres from "postgres";
import { expect, inject, test } from "vitest";
import { migrateDatabase } from "./migrate";
import { testDatabaseName, urlOfDatabase } from "./testing/names";

test("instances that start at once migrate an empty database once", async () => {
	const server = inject("postgres").url;
	const name = testDatabaseName();
	const connection = postgres(server, { max: 1 });
	await connection`create database ${connection(name)}`;
	try {
		const url = urlOfDatabase(server, name);
		await Promise.all([migrateDatabase(url), migrateDatabase(url), migrateDatabase(url)]);
		const migrated = postgres(url, { max: 1 });
		const [row] = await migrated`select count(*)::int as runs, count(distinct hash)::int as migrations
			from drizzle.__drizzle_migrations`;
		await migrated.end();
		expect(row?.runs).toBe(row?.migrations);
		expect(row?.runs).toBeGreaterThan(0);
	} finally {
		await connection`drop database ${connection(name)} with (force)`;
		await connection.end();
	}
});
