import { spawnSync } from "node:child_process";
import { Client } from "pg";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { endReason } from "@/db/schema";
import { seedBulk } from "@/db/seed/bulk";
import { seedDemo } from "@/db/seed/demo";
import { demoDevices, scriptDevice } from "@/db/seed/devices";
import { demoPeople } from "@/db/seed/people";
import { normalizeEmail } from "@/lib/accounts/email";
import { nameField } from "@/lib/accounts/fields";
import { auditActions } from "@/lib/audit/actions";
import { describeDevice } from "@/lib/request/device";
import { refuseAmongRealPeople } from "./demo";

let connection: postgres.Sql;

beforeAll(() => {
	connection = postgres(process.env.DATABASE_URL as string, { max: 2, onnotice: () => {} });
});

afterEach(() => vi.unstubAllEnvs());
afterAll(() => connection.end());

test("adds nobody in production", () => {
	const environment = { ...process.env, NODE_ENV: "production" } as NodeJS.ProcessEnv;
	const seed = spawnSync(process.execPath, ["--import", "tsx", "scripts/seed.ts"], {
		env: environment,
		encoding: "utf8",
	});
	expect(seed.status).toBe(1);
	expect(seed.stderr).toContain("NODE_ENV is production");
});

test("adds nobody to a database on another machine", () => {
	const refused = (url: string) => {
		vi.stubEnv("DATABASE_URL", url);
		return expect(refuseAmongRealPeople, url);
	};
	for (const host of ["db.example.com", "10.0.0.5", "localhost.example.com"]) {
		refused(`postgres://kickoff@${host}/kickoff`).toThrow("the database of DATABASE_URL is on another machine");
	}
	for (const host of ["localhost", "127.0.0.1:5433", "[::1]"]) refused(`postgres://${host}/kickoff`).not.toThrow();
	refused("").not.toThrow();
});

describe("the demo", () => {
	test("is seeded once, however many start at the same time", async () => {
		const clients = [new Client(process.env.DATABASE_URL), new Client(process.env.DATABASE_URL)];
		const seeded = await Promise.all(
			clients.map(async (client) => {
				await client.connect();
				return seedDemo(client, "a hash").finally(() => client.end());
			}),
		);
		expect(seeded.filter(Boolean)).toEqual([demoPeople]);
		expect(await one`select count(*)::int from users`).toEqual({ count: demoPeople.length });
	});

	test("shows every reason for which a session ends, and only actions that the app knows", async () => {
		const reasons = await connection`select distinct end_reason::text as reason from ended_sessions`;
		expect(reasons.map(({ reason }) => reason).toSorted()).toEqual(endReason.enumValues.toSorted());
		const actions = await connection`select distinct action from audit_events`;
		for (const { action } of actions) expect(Object.keys(auditActions)).toContain(action);
	});

	test("has live sessions that are live, and a history that happened in order", async () => {
		expect(
			await one`
			select
				count(*) filter (where last_seen_at < created_at or last_seen_at > now() or expires_at < now())::int as wrong,
				count(*) filter (where last_seen_at > now() - interval '7 days')::int > 80 as many,
				count(*) filter (where impersonator_id is not null)::int as impersonations
			from sessions
		`,
		).toEqual({ wrong: 0, many: true, impersonations: 2 });
		expect(
			await one`
			select count(*)::int as wrong from ended_sessions
			where last_seen_at < created_at or ended_at < last_seen_at or ended_at > now() or first_refused_at < ended_at
		`,
		).toEqual({ wrong: 0 });
		expect(
			await one`
			select count(*)::int as wrong from (
				select occurred_at, lag(occurred_at) over (order by id) as before from audit_events
			) as events
			where occurred_at > now() or date_trunc('milliseconds', occurred_at) < date_trunc('milliseconds', before)
		`,
		).toEqual({ wrong: 0 });
	});

	test("names people and browsers as the app would", () => {
		for (const { email, name } of demoPeople) {
			expect(email).toBe(normalizeEmail(email));
			expect(name).toBe(nameField.parse(name));
		}
		for (const { userAgent, ...device } of [...demoDevices, scriptDevice]) {
			expect({ userAgent, ...describeDevice(userAgent) }).toEqual({ userAgent, ...device });
		}
	});
});

describe("the bulk seed", () => {
	const indexes = () => connection`select indexdef from pg_indexes where schemaname = 'public' order by indexdef`;

	test("makes as many rows as it is asked for, again and again, and leaves the indexes as they were", async () => {
		const before = await indexes();
		const amounts = { users: 300, sessions: 900, endedSessions: 400, auditEvents: 500 };
		const rows = () => one`select
			(select count(*)::int from users) as users, (select count(*)::int from sessions) as sessions,
			(select count(*)::int from ended_sessions) as ended, (select count(*)::int from audit_events) as events`;
		const found = await rows();
		for (let run = 0; run < 2; run++) await seedBulk(connection, amounts, () => {});
		expect(await rows()).toEqual({
			users: found?.users + 600,
			sessions: found?.sessions + 1800,
			ended: found?.ended + 800,
			events: found?.events + 1000,
		});
		expect(await indexes()).toEqual(before);
	});

	test("gives ids that sort by time, of version 7, and sessions that are all live", async () => {
		expect(
			await one`
			select
				count(*) filter (where substring(id::text, 15, 1) <> '7' or substring(id::text, 20, 1) not in ('8', '9', 'a', 'b'))::int
					as malformed,
				count(*) filter (where id::text < previous)::int as unsorted,
				count(*) filter (where expires_at < now() or last_seen_at < now() - interval '7 days' or last_seen_at > now())::int
					as dead
			from (select *, lag(id::text) over (order by date_trunc('milliseconds', created_at), id) as previous from sessions) as s
		`,
		).toEqual({ malformed: 0, unsorted: 0, dead: 0 });
	});
});

async function one(strings: TemplateStringsArray): Promise<postgres.Row | undefined> {
	const [row] = await connection(strings);
	return row && { ...row };
}
