/** What the schemes keep in the database, and how they ask for it: by primary key, in prepared statements. */
import pg from "pg";

let pool: pg.Pool | undefined;

/** Runs a prepared statement; gives its first row. */
export async function first<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row | undefined> {
	pool ??= new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, idleTimeoutMillis: 0 });
	const { rows } = await pool.query<Row>({ name: text, text, values });
	return rows[0];
}

export async function createTables(): Promise<void> {
	await first("create schema schemes", []);
	// Which tokens a person holds has to be known, or nobody could say which ones to deny.
	await first("create table schemes.issued_tokens (id uuid primary key, user_id uuid not null)", []);
	await first("create index on schemes.issued_tokens (user_id)", []);
	await first("create table schemes.denied_tokens (id uuid primary key)", []);
	await first("create table schemes.refresh_tokens (id uuid primary key, user_id uuid not null)", []);
	await first("create index on schemes.refresh_tokens (user_id)", []);
	await first("create table schemes.versions (user_id uuid primary key, version int not null default 1)", []);
	await first("create table schemes.cached_sessions (id uuid primary key, user_id uuid not null)", []);
	await first("create index on schemes.cached_sessions (user_id)", []);
}

export async function closeTables(): Promise<void> {
	await pool?.end();
}
