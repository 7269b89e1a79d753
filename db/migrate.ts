/** Brings the database up to the schema of this checkout. */
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";
import { CannotStart } from "./cannot-start";
import { isLockedOut, isOutage } from "./errors";
import { cannotStart } from "./preflight";
import { installQueues } from "./queues";

/** Any fixed number will do. */
const MIGRATIONS_LOCK = 5_432_001;

/** Whoever asks for rows of a table that the migration waits for waits behind it: not for long, and not all the time. */
const PATIENCE = { tries: 5, lockMs: 2_000, pauseMs: 1_000 };

/**
 * Runs the migrations that the database has not had yet, all in one transaction: they all happen or none does.
 * Several instances may call it at once: a lock lets one work while the others wait. A transaction holds it, not a
 * connection, so it also holds behind a pooler such as PgBouncer. Throws CannotStart when the database lacks something
 * or goes away, or when somebody else keeps a lock for too long.
 */
export async function migrateDatabase(url: string, patience = PATIENCE): Promise<void> {
	const [lock, worker] = [new Client(url), new Client(url)];
	// Unheard, the loss of a connection would end the process. Whoever asks it next hears of it from their statement.
	for (const client of [lock, worker]) client.on("error", () => {});
	try {
		await Promise.all([lock.connect(), worker.connect()]);
		await lock.query("begin");
		// It does nothing for as long as the others work.
		await lock.query("set local idle_in_transaction_session_timeout = 0");
		await lock.query("select pg_advisory_xact_lock($1)", [MIGRATIONS_LOCK]);
		await migrateWith(worker, patience);
		await lock.query("commit");
	} catch (error) {
		throw sayWhatIsMissing(error) ?? (isOutage(error) ? cannotStart(error, url) : error);
	} finally {
		await Promise.all([lock.end(), worker.end()]);
	}
}

async function migrateWith(worker: Client, { tries, lockMs, pauseMs }: typeof PATIENCE): Promise<void> {
	await worker.query(`set lock_timeout = ${lockMs}`);
	for (let left = tries - 1; ; left--) {
		try {
			await migrate(drizzle(worker), { migrationsFolder: fileURLToPath(new URL("migrations", import.meta.url)) });
			return await installQueues(worker);
		} catch (error) {
			if (!isLockedOut(error) || left === 0) throw error;
			await worker.query("rollback");
			await wait(pauseMs);
		}
	}
}

function sayWhatIsMissing(error: unknown): CannotStart | undefined {
	const { code, message } = ((error as Error).cause ?? error) as { code?: string; message: string };
	if (code === "42501") {
		return new CannotStart(`DATABASE_URL: Its user may not migrate the database (${message}): make it the owner.`);
	}
	if (message.includes("extension") && (code === "0A000" || code === "58P01")) {
		return new CannotStart(
			`The database server lacks an extension (${message}): install PostgreSQL's contrib package.`,
		);
	}
	if (isLockedOut(error)) {
		return new CannotStart(
			"The database cannot be migrated while another connection holds a lock on it, as a backup, a long query or an open " +
				"transaction does (pg_stat_activity shows them). Wait for it or end it, and start again.",
		);
	}
	return undefined;
}
