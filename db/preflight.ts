/** Asks the database, before anything else uses it, whether it will do. */
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { CannotStart } from "./cannot-start";

const OLDEST_VERSION = 15;
const ANSWER_WITHIN_SECONDS = 10;

/** Throws CannotStart with one sentence that says what to do, and in which no password appears. */
export async function checkDatabase(url: string, withinSeconds = ANSWER_WITHIN_SECONDS): Promise<void> {
	let connection: postgres.Sql;
	try {
		connection = postgres(url, { max: 1, connect_timeout: withinSeconds, onnotice: () => {} });
	} catch {
		throw new CannotStart("DATABASE_URL: Not an address: set it to postgres://user:password@host:port/database.");
	}
	try {
		const version = Math.floor((await Promise.race([serverVersion(connection), silence(withinSeconds)])) / 10_000);
		if (version < OLDEST_VERSION) throw new CannotStart(`DATABASE_URL: ${tooOld(version)}`);
	} catch (error) {
		throw error instanceof CannotStart ? error : new CannotStart(`DATABASE_URL: ${explain(error, connection.options)}`);
	} finally {
		await connection.end({ timeout: 0 });
	}
}

/** Such as 180004 for 18.4. */
async function serverVersion(connection: postgres.Sql): Promise<number> {
	const [row] = await connection<{ version: number }[]>`select current_setting('server_version_num')::int as version`;
	return row?.version ?? 0;
}

/** postgres.js tries for ever where something accepts connections and closes them, as a proxy without a server does. */
async function silence(seconds: number): Promise<never> {
	await wait(seconds * 1000, undefined, { ref: false });
	throw new Error(`no answer within ${seconds} s`);
}

const tooOld = (version: number) =>
	`This is PostgreSQL ${version}, and Kickoff needs ${OLDEST_VERSION} or newer: use a newer server.`;

function explain(error: unknown, { host, port, user, database }: postgres.Sql["options"]): string {
	const { code, message } = error as { code?: string; message: string };
	const server = `${host[0]}:${port[0]}`;
	switch (code) {
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return `There is no host named ${host[0]}: correct the name.`;
		case "ECONNREFUSED":
			return `Nothing listens on ${server}: start PostgreSQL there, or correct the host and port.`;
		case "28P01":
		case "28000":
			return `PostgreSQL on ${server} does not let "${user}" in (${message}): correct the user and password.`;
		case "3D000":
			return `There is no database "${database}" on ${server}: create it, or correct the name.`;
		case "57P03":
			return `PostgreSQL on ${server} is starting or stopping: try again in a moment.`;
		case "53300":
			return `PostgreSQL on ${server} has no connection left: close some, or raise its max_connections.`;
		default:
			return `PostgreSQL on ${server} does not answer as it should (${code ?? message}): see that it runs, is reachable and agrees about TLS (sslmode).`;
	}
}
