import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { CannotStart } from "./cannot-start";
import { migrateDatabase } from "./migrate";
import { testDatabaseName, urlOfDatabase } from "./testing/names";

/** The limit on idle transactions of a managed PostgreSQL, but shorter. */
const IDLE_MS = 400;

let server: postgres.Sql;
/** Of an empty database. */
let url: string;
/** A connection to it. */
let inside: postgres.Sql;

beforeEach(async () => {
	server = postgres(inject("postgres").url, { max: 1 });
	const name = testDatabaseName();
	await server`create database ${server(name)}`;
	url = urlOfDatabase(inject("postgres").url, name);
	inside = postgres(url, { max: 1 });
});

afterEach(async () => {
	await inside.end();
	await server`drop database ${server(nameIn(url))} with (force)`;
	await server.end();
});

const nameIn = (address: string) => new URL(address).pathname.slice(1);

/** Begins to migrate, does something while that waits for a lock that another connection holds, and takes that away. */
async function migrateAnd(
	meanwhile: (migrated: Promise<void>) => PromiseLike<unknown>,
	...[address = url, ...patience]: Partial<Parameters<typeof migrateDatabase>>
): Promise<void> {
	await inside.unsafe("begin; create schema drizzle");
	const migrated = migrateDatabase(address, ...patience);
	const freed = connectionWaits()
		.then(() => meanwhile(migrated))
		.finally(() => inside.unsafe("rollback"));
	await Promise.allSettled([migrated, freed]);
	return migrated;
}

async function connectionWaits(): Promise<void> {
	const waiting = () => server`
		select from pg_stat_activity where datname = ${nameIn(url)} and wait_event_type = 'Lock'
	`;
	while ((await waiting()).length === 0);
}

async function migrations(): Promise<postgres.Row | undefined> {
	const [row] = await inside`select count(*)::int as runs, count(distinct hash)::int as different
		from drizzle.__drizzle_migrations`;
	return row;
}

test("instances that start at once migrate an empty database once", async () => {
	await Promise.all([migrateDatabase(url), migrateDatabase(url), migrateDatabase(url)]);
	const found = await migrations();
	expect(found?.runs).toBe(found?.different);
	expect(found?.runs).toBeGreaterThan(0);
});

test("a server that cuts idle transactions short does not cut off the one that keeps other instances waiting", async () => {
	const impatient = `${url}?options=-c%20idle_in_transaction_session_timeout%3D${IDLE_MS}`;
	await migrateAnd(() => wait(2 * IDLE_MS), impatient);
	expect((await migrations())?.runs).toBeGreaterThan(0);
});

test("a database that goes away while it is migrated stops the start with a sentence", async () => {
	const cut = () => server`
		select pg_terminate_backend(pid) from pg_stat_activity
		where datname = ${nameIn(url)} and application_name <> 'postgres.js'
	`;
	const migrated = migrateAnd(cut);
	await expect(migrated).rejects.toThrow(CannotStart);
	await expect(migrated).rejects.toThrow("does not answer as it should");
});

test("a lock that another connection keeps is given up, tried again, and asked for in vain no more than a few times", async () => {
	const patience = { lockMs: 300, pauseMs: 50 };
	const inVain = (migrated: Promise<void>) => Promise.race([migrated, wait(5_000)]);
	const outwaited = migrateAnd(inVain, url, { ...patience, tries: 2 });
	await expect(outwaited).rejects.toThrow(CannotStart);
	await expect(outwaited).rejects.toThrow("Wait for it or end it, and start again.");
	await migrateAnd(() => wait(400), url, { ...patience, tries: 50 });
	expect((await migrations())?.runs).toBeGreaterThan(0);
});
