/** What the schemes keep in the database, and how they ask for it: by primary key, in prepared statements. */
import pg from "pg";

let opened: pg.Pool | undefined;

function pool(): pg.Pool {
	opened ??= open();
	return opened;
}

function open(): pg.Pool {
	const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, idleTimeoutMillis: 0 });
	// At the end the database is dropped, and hangs up. Unheard, that would end the process with an error.
	pool.on("error", () => {});
	pool.on("connect", (client) => client.on("error", () => {}));
	return pool;
}

/** The statements so far. A prepared one has a name, and PostgreSQL reads 63 bytes of it. */
const names = new Map<string, string>();

/** Runs a prepared statement; gives its first row. */
export async function first<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row | undefined> {
	const name = names.get(text) ?? `scheme_${names.size}`;
	names.set(text, name);
	const { rows } = await pool().query<Row>({ name, text, values });
	return rows[0];
}

export async function createTables(): Promise<void> {
	await pool().query(`
		create schema schemes;
		-- Which tokens a person holds has to be known, or nobody could say which ones to deny.
		create table schemes.issued_tokens (id uuid primary key, user_id uuid not null);
		create index on schemes.issued_tokens (user_id);
		create table schemes.denied_tokens (id uuid primary key);
		create table schemes.refresh_tokens (id uuid primary key, user_id uuid not null);
		create index on schemes.refresh_tokens (user_id);
		create table schemes.versions (user_id uuid primary key, version int not null default 1);
		create table schemes.cached_sessions (id uuid primary key, user_id uuid not null);
		create index on schemes.cached_sessions (user_id);
	`);
}

export async function closeTables(): Promise<void> {
	await opened?.end();
}
