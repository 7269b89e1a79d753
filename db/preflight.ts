/** Asks the database, before anything else uses it, whether it will do. */
import { Client } from "pg";
import { CannotStart } from "./cannot-start";

const OLDEST_VERSION = 15;
const ANSWER_WITHIN_SECONDS = 10;

/** Throws CannotStart with one sentence that says what to do, and in which no password appears. */
export async function checkDatabase(url: string, withinSeconds = ANSWER_WITHIN_SECONDS): Promise<void> {
	if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
		throw new CannotStart("DATABASE_URL: Not an address: set it to postgres://user:password@host:port/database.");
	}
	let client: Client | undefined;
	try {
		const limit = withinSeconds * 1000;
		client = new Client({ connectionString: url, connectionTimeoutMillis: limit, query_timeout: limit });
		client.on("error", () => {});
		await client.connect();
		const { rows } = await client.query(`
			select current_setting('server_version_num')::int as version, current_setting('transaction_read_only') = 'on' as "readOnly"
		`);
		const version = Math.floor(rows[0].version / 10_000);
		if (version < OLDEST_VERSION) throw new CannotStart(`DATABASE_URL: ${tooOld(version)}`);
		if (rows[0].readOnly) throw new CannotStart(`DATABASE_URL: ${readOnly(new URL(url))}`);
	} catch (error) {
		throw cannotStart(error, url);
	} finally {
		// Not awaited: a server that does not answer does not say goodbye either.
		client?.end().catch(() => {});
	}
}

/** The sentence for an error that came of asking this database. */
export function cannotStart(error: unknown, url: string): CannotStart {
	return error instanceof CannotStart ? error : new CannotStart(`DATABASE_URL: ${explain(error, new URL(url))}`);
}

const readOnly = ({ hostname, port }: URL) =>
	`PostgreSQL on ${hostname}:${port || 5432} is read-only: use the primary server, or let this database be written to.`;

const tooOld = (version: number) =>
	`This is PostgreSQL ${version}, and Kickoff needs ${OLDEST_VERSION} or newer: use a newer server.`;

function explain(error: unknown, { hostname, port, username, pathname }: URL): string {
	const { code, message } = error as { code?: string; message: string };
	const server = `${hostname}:${port || 5432}`;
	switch (code) {
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return `There is no host named ${hostname}: correct the name.`;
		case "ECONNREFUSED":
			return `Nothing listens on ${server}: start PostgreSQL there, or correct the host and port.`;
		case "28P01":
		case "28000":
			return `PostgreSQL on ${server} does not let "${username}" in (${message}): correct the user and password.`;
		case "3D000":
			return `There is no database "${pathname.slice(1)}" on ${server}: create it, or correct the name.`;
		case "57P03":
			return `PostgreSQL on ${server} is starting or stopping: try again in a moment.`;
		case "53300":
			return `PostgreSQL on ${server} has no connection left: close some, or raise its max_connections.`;
	}
	if (/SSL|TLS|certificate/i.test(message)) {
		return `There is no agreement with ${server} about TLS (${message}): correct sslmode or the certificate.`;
	}
	return `PostgreSQL on ${server} does not answer as it should (${message}): see that it runs and can be reached.`;
}
