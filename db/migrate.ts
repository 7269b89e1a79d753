/** Brings the database up to the schema of this checkout. */
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { CannotStart } from "./cannot-start";

/** Any fixed number will do. */
const MIGRATIONS_LOCK = 5_432_001;

/**
 * Runs the migrations that the database has not had yet, all in one transaction: they all happen or none does.
 * Several instances may call it at once: a lock lets one work while the others wait. A transaction holds it, not a
 * connection, so it also holds behind a pooler such as PgBouncer. Throws CannotStart when the database lacks something.
 */
export async function migrateDatabase(url: string): Promise<void> {
	const connections = postgres(url, { max: 2, prepare: false, onnotice: () => {} });
	try {
		await connections.begin(async (lock) => {
			await lock`select pg_advisory_xact_lock(${MIGRATIONS_LOCK})`;
			const migrationsFolder = fileURLToPath(new URL("migrations", import.meta.url));
			await migrate(drizzle(connections), { migrationsFolder });
		});
	} catch (error) {
		throw sayWhatIsMissing(error) ?? error;
	} finally {
		await connections.end();
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
	return undefined;
}
