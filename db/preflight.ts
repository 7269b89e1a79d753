/** Asks the database, before anything else uses it, whether it will do. */
import postgres from "postgres";
import { CannotStart } from "./cannot-start";

const OLDEST_VERSION = 15;
const CONNECT_TIMEOUT_SECONDS = 10;

/** Throws CannotStart with one sentence that says what to do, and in which no password appears. */
export async function checkDatabase(url: string): Promise<void> {
	let connection: postgres.Sql;
	try {
		connection = postgres(url, { max: 1, connect_timeout: CONNECT_TIMEOUT_SECONDS, onnotice: () => {} });
	} catch {
		throw new CannotStart("DATABASE_URL: not an address: set it to postgres://user:password@host:port/database.");
	}
	try {
		const [row] = await connection<{ version: string }[]>`select current_setting('server_version_num') as version`;
		const version = Math.floor(Number(row?.version) / 10_000);
		if (version < OLDEST_VERSION) {
			throw new CannotStart(
				`DATABASE_URL: this is PostgreSQL ${version}, and Kickoff needs ${OLDEST_VERSION} or newer: use a newer server.`,
			);
		}
	} catch (error) {
		throw error instanceof CannotStart ? error : new CannotStart(`DATABASE_URL: ${explain(error, connection.options)}`);
	} finally {
		await connection.end({ timeout: 0 });
	}
}

function explain(error: unknown, options: postgres.Sql["options"]): string {
	const { code, message } = error as { code?: string; message: string };
	const server = `${options.host[0]}:${options.port[0]}`;
	switch (code) {
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return `there is no host named ${options.host[0]}: correct the name.`;
		case "ECONNREFUSED":
			return `nothing listens on ${server}: start PostgreSQL there, or correct the host and port.`;
		case "28P01":
		case "28000":
			return `PostgreSQL on ${server} does not let "${options.user}" in (${message}): correct the user and password.`;
		case "3D000":
			return `there is no database "${options.database}" on ${server}: create it, or correct the name.`;
		case "57P03":
			return `PostgreSQL on ${server} is starting or stopping: try again in a moment.`;
		case "53300":
			return `PostgreSQL on ${server} has no connection left: raise its max_connections, or close some.`;
		default:
			return `PostgreSQL on ${server} cannot be used (${code ?? message}): see that it runs and can be reached from here.`;
	}
}
