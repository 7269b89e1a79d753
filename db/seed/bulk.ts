/**
 * Fills a database with as many people, sessions and events as a big product has, to see how it behaves then. Rows are
 * made inside PostgreSQL, a batch per statement; the indexes are put aside meanwhile and built once at the end.
 */
import type postgres from "postgres";
import { demoDevices } from "./devices";
import { bulkNames } from "./names";

const BATCH_ROWS = 50_000;

export interface BulkAmounts {
	users: number;
	sessions: number;
	endedSessions: number;
	auditEvents: number;
}

/** Told after each batch, and once more when the table and its indexes are finished. */
export type Progress = (table: string, rows: number, ofRows: number, seconds: number, finished: boolean) => void;

/** Adds to what is there; each table is filled in one transaction, during which the app waits for it. */
export async function seedBulk(connection: postgres.Sql, amounts: BulkAmounts, progress: Progress): Promise<void> {
	// One session throughout: the function, the lists of people and the settings belong to it.
	const sql = await connection.reserve();
	try {
		await sql`set synchronous_commit = off`;
		await sql`set maintenance_work_mem = '256MB'`;
		await sql.unsafe(UUID_V7);
		await fill(sql, progress, "users", amounts.users, users);
		await sql.unsafe(PEOPLE);
		await fill(sql, progress, "sessions", amounts.sessions, sessions);
		await fill(sql, progress, "ended_sessions", amounts.endedSessions, endedSessions);
		await fill(sql, progress, "audit_events", amounts.auditEvents, auditEvents);
		await sql`vacuum (analyze, parallel 0) users, sessions, ended_sessions, audit_events`;
	} finally {
		sql.release();
	}
}

interface Batch {
	/** The numbers of the rows to make; `of` is the last of all. */
	from: number;
	to: number;
	of: number;
}

type Insert = (sql: postgres.Sql, batch: Batch) => PromiseLike<unknown>;

async function fill(sql: postgres.ReservedSql, progress: Progress, table: string, rows: number, insert: Insert) {
	if (rows <= 0) return;
	const start = Date.now();
	await sql`begin`;
	try {
		const restoreIndexes = await putIndexesAside(sql, table);
		for (let from = 1; from <= rows; from += BATCH_ROWS) {
			const to = Math.min(from + BATCH_ROWS - 1, rows);
			await insert(sql, { from, to, of: rows });
			progress(table, to, rows, (Date.now() - start) / 1000, false);
		}
		await restoreIndexes();
		await sql`commit`;
	} catch (error) {
		await sql`rollback`;
		throw error;
	}
	progress(table, rows, rows, (Date.now() - start) / 1000, true);
}

/** All but the primary key's. Building an index at the end takes a fraction of the time of keeping it up to date. */
async function putIndexesAside(sql: postgres.Sql, table: string): Promise<() => Promise<void>> {
	const indexes = await sql<{ name: string; definition: string }[]>`
		select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
		from pg_index where indrelid = ${table}::regclass and not indisprimary
	`;
	for (const { name } of indexes) await sql.unsafe(`drop index ${name}`);
	return async () => {
		for (const { definition } of indexes) await sql.unsafe(definition);
	};
}

/**
 * RFC 9562, version 7, from a moment: its milliseconds, the marks of version and variant, and 7 random bytes. The
 * numbers of `random()` are quick to draw and could be foreseen, which does no harm here: nothing is secret.
 */
const UUID_V7 = String.raw`
	create or replace function pg_temp.uuid_v7(at timestamptz) returns uuid language sql volatile as $$
		select encode(overlay(decode(md5(random()::text), 'hex') placing
			substring(int8send(floor(extract(epoch from at) * 1000)::bigint) from 3) || '\x700080' from 1 for 9), 'hex')::uuid
	$$
`;

/** Numbered, so that chance can choose among them: everyone who may sign in, and the staff among them. */
const PEOPLE = `
	drop table if exists pg_temp.people, pg_temp.staff;
	create temp table people as
		select row_number() over (order by id) as number, id, name || ' <' || email || '>' as label
		from users where suspended_at is null;
	create temp table staff as
		select row_number() over (order by id) as number, id, name || ' <' || email || '>' as label
		from users where role <> 'user' and suspended_at is null;
	create unique index on people (number);
	create unique index on staff (number);
	analyze people, staff;
`;

/** Mostly users; one in two hundred is suspended, half of those for a time. */
const users: Insert = (sql, { from, to }) => sql`
	insert into users (id, email, name, role, created_at, email_verified_at, suspended_at, suspended_until, suspension_reason)
	select
		pg_temp.uuid_v7(created_at),
		(${bulkNames.firstInEmail}::text[])[first] || '.' || (${bulkNames.lastInEmail}::text[])[last]
			|| '.' || (select count(*) from users) + number - ${from} || '@example.com',
		(${bulkNames.first}::text[])[first] || ' ' || (${bulkNames.last}::text[])[last],
		(case when luck < 0.001 then 'admin' when luck < 0.006 then 'support' else 'user' end)::user_role,
		created_at,
		created_at,
		case when luck > 0.995 then now() - random() * interval '20 days' end,
		case when luck > 0.9975 then now() + random() * interval '20 days' end,
		case when luck > 0.995 then 'Made up to fill the database' end
	from (
		select
			number,
			1 + floor(random() * ${bulkNames.first.length})::int as first,
			1 + floor(random() * ${bulkNames.last.length})::int as last,
			random() as luck,
			now() - interval '40 days' - random() * interval '700 days' as created_at
		from generate_series(${from}::int, ${to}::int) as number
	) as made_up
	order by created_at
`;

const userAgents = demoDevices.map(({ userAgent }) => userAgent);
const browsers = demoDevices.map(({ browser }) => browser);
const operatingSystems = demoDevices.map(({ operatingSystem }) => operatingSystem);

/** Some people sign in from everywhere, most from one or two browsers; the first browsers of the list are the most used. */
const chance = (sql: postgres.Sql) => sql`
	1 + floor(random() * random() * (select count(*) from people))::int as person,
	1 + floor(random() * random() * ${demoDevices.length})::int as device,
	case when random() < 0.7
		then inet '198.18.0.0' + floor(random() * 131072)::bigint
		else inet '2001:db8::' + floor(random() * 1e15)::bigint
	end as ip
`;

/** A tenth was seen within the last hour, the rest within a week; none is older than 27 days, so all are live. */
const sessions: Insert = (sql, { from, to, of }) => sql`
	insert into sessions (
		id, user_id, token_hash, created_at, last_seen_at, last_seen_on, expires_at, ip, user_agent, browser,
		operating_system, authenticated_with, authenticated_at
	)
	select
		pg_temp.uuid_v7(created_at), people.id, sha256(float8send(random()) || float8send(random())),
		created_at, last_seen_at, (last_seen_at at time zone 'UTC')::date, created_at + interval '30 days', ip,
		(${userAgents}::text[])[device], (${browsers}::text[])[device], (${operatingSystems}::text[])[device],
		'password', created_at
	from (
		select made_up.*, greatest(created_at, now() - quiet) as last_seen_at
		from (
			select
				number,
				${chance(sql)},
				now() - interval '27 days' * (1 - number / ${of}::float) - random() * interval '10 minutes' as created_at,
				case when random() < 0.1 then random() * interval '1 hour' else random() * interval '6.9 days' end as quiet
			from generate_series(${from}::int, ${to}::int) as number
		) as made_up
	) as seen
	join people on people.number = seen.person
	order by seen.number
`;

const endedSessions: Insert = (sql, { from, to, of }) => sql`
	insert into ended_sessions (
		id, user_id, token_hash, created_at, last_seen_at, expires_at, ip, user_agent, browser, operating_system,
		authenticated_with, authenticated_at, ended_at, end_reason, ended_by_id, first_refused_at, first_refused_path
	)
	select
		pg_temp.uuid_v7(created_at), people.id, sha256(float8send(random()) || float8send(random())),
		created_at, ended_at - random() * (ended_at - created_at), created_at + interval '30 days', ip,
		(${userAgents}::text[])[device], (${browsers}::text[])[device], (${operatingSystems}::text[])[device],
		'password', created_at, ended_at, reason::end_reason,
		case when reason in ('forced', 'suspended') then staff.id when reason in ('idle', 'expired') then null else people.id end,
		case when refused then ended_at + random() ^ 3 * interval '1 hour' end,
		case when refused then '/dashboard' end
	from (
		select made_up.*, ended_at - (0.01 + random()) * interval '20 days' as created_at,
			reason not in ('signed_out', 'replaced') and random() < 0.6 as refused
		from (
			select
				number,
				${chance(sql)},
				1 + floor(random() * (select count(*) from staff))::int as by_staff,
				(array['signed_out', 'signed_out', 'signed_out', 'signed_out', 'signed_out', 'idle', 'idle', 'expired',
					'replaced', 'forced', 'password_changed', 'signed_out_elsewhere', 'suspended'])[1 + floor(random() * 13)::int] as reason,
				now() - interval '90 days' * (1 - number / ${of}::float) - (1 + random()) * interval '1 hour' as ended_at
			from generate_series(${from}::int, ${to}::int) as number
		) as made_up
	) as ended
	join people on people.number = ended.person
	left join staff on staff.number = ended.by_staff
	order by ended.number
`;

/** Nine in ten are people's own doings; a tenth of the staff's doings is about each kind of intervention. */
const auditEvents: Insert = (sql, { from, to, of }) => sql`
	insert into audit_events (
		id, occurred_at, action, actor_id, actor_label, target_id, target_label, ip, user_agent, reason, detail
	)
	select
		pg_temp.uuid_v7(occurred_at), occurred_at, action,
		case when by_staff then staff.id when action <> 'sign_in.failed' then people.id end,
		case when by_staff then staff.label when action <> 'sign_in.failed' then people.label else 'visitor' end,
		case when action <> 'session.ended' then people.id end,
		case when action <> 'session.ended' then people.label end,
		ip, (${userAgents}::text[])[device],
		case when action in ('user.suspended', 'impersonation.started') then 'Made up to fill the database' end,
		case
			when action like 'session.forced%' then jsonb_build_object('count', 1 + floor(random() * 3)::int)
			when action = 'user.role_changed' then jsonb_build_object('from', 'user', 'to', 'support')
		end
	from (
		select made_up.*, (array['session.started', 'session.started', 'session.started', 'session.started', 'session.ended',
				'session.ended', 'sign_in.failed', 'sign_in.failed', 'profile.changed', 'password.changed'])[1 + floor(random() * 10)::int]
				as own_action,
			(array['session.forced_out', 'session.forced_out_everywhere', 'user.suspended', 'user.reactivated',
				'user.role_changed', 'impersonation.started', 'impersonation.stopped'])[1 + floor(random() * 7)::int] as staff_action
		from (
			select
				number,
				${chance(sql)},
				random() < 0.1 as by_staff,
				1 + floor(random() * (select count(*) from staff))::int as staff_number,
				now() - interval '180 days' * (1 - number / ${of}::float) - (1 + random()) * interval '1 minute' as occurred_at
			from generate_series(${from}::int, ${to}::int) as number
		) as made_up
	) as happened
	cross join lateral (select case when by_staff then staff_action else own_action end as action) as chosen
	join people on people.number = happened.person
	left join staff on staff.number = happened.staff_number
	order by happened.number
`;
