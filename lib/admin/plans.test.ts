/**
 * Reads the plan of every statement that the console and the session's own code send, in a database with as many rows as
 * it takes for PostgreSQL to prefer an index. What scans a whole table here takes seconds with a million rows.
 */
import { eq, inArray, sql } from "drizzle-orm";
import { Client } from "pg";
import postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { connections, db } from "@/db/client";
import { auditEvents, endedSessions, sessions, users } from "@/db/schema";
import { seedBulk } from "@/db/seed/bulk";
import { checkPassword } from "@/lib/accounts/check-password";
import { type AuditFilter, listAuditEvents } from "@/lib/audit/list";
import type { Page } from "@/lib/list/cursor";
import { endSessions } from "@/lib/session/lifecycle";
import { findSession } from "@/lib/session/lookup";
import { listOwnSessions, listPastImpersonations } from "@/lib/session/own";
import { noteRefusal } from "@/lib/session/refusal";
import { sweep } from "@/lib/session/sweep";
import { createUser, sessionOf, type TestSession } from "@/lib/testing/people";
import { listDevices } from "./devices";
import { type EndedSessionFilter, listEndedSessions } from "./ended-sessions";
import { forceLogout, forceLogoutEverywhere } from "./force-logout";
import { readOverview } from "./overview";
import { countSessions, listSessions, type SessionFilter } from "./sessions";
import { findUser } from "./user";
import { countUsers, listUsers, userFilterSchema } from "./users";

const ROWS = { users: 10_000, sessions: 50_000, endedSessions: 30_000, auditEvents: 50_000 };
/**
 * How many rows are most of a table. Reading the start of it or of an index, until a `limit` is reached, is no scan: for a
 * page of what one row in two hundred is, that takes ten thousand, however many there are, and a little more or less by chance.
 */
const MOST_ROWS: Record<string, number> = {
	users: 10_000,
	sessions: 25_000,
	ended_sessions: 15_000,
	audit_events: 25_000,
};
const SEED_TIMEOUT_MS = 180_000;

let owner: TestSession;
let busy: { userId: string };

beforeAll(async () => {
	const connection = postgres(process.env.DATABASE_URL ?? "", { max: 1, onnotice: () => {} });
	await seedBulk(connection, ROWS, () => {});
	await connection.end();
	owner = await sessionOf(await createUser({ role: "owner", name: "Olivia Bennett" }));
	[busy = { userId: "" }] = await db.select({ userId: sessions.userId }).from(sessions).limit(1);
}, SEED_TIMEOUT_MS);

interface Statement {
	text: string;
	values: unknown[];
}

/** Everything that goes over any connection while the work runs. */
async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
	const statements: Statement[] = [];
	const { query } = Client.prototype;
	Client.prototype.query = function (this: Client, ...args: unknown[]) {
		const [config, values] = args as [string | Statement, unknown[] | undefined];
		const text = typeof config === "string" ? config : config.text;
		if (/^\s*(select|with|update|delete)/i.test(text)) statements.push({ text, values: values ?? [] });
		return Reflect.apply(query, this, args);
	} as typeof query;
	try {
		await work();
	} finally {
		Client.prototype.query = query;
	}
	return statements;
}

interface PlanNode {
	"Node Type": string;
	"Relation Name"?: string;
	"Actual Rows": number;
	"Actual Loops": number;
	"Rows Removed by Filter"?: number;
	Plans?: PlanNode[];
}

/** Runs the statement once more, and undoes it; gives its plan with what each step of it really read. */
async function planOf({ text, values }: Statement): Promise<PlanNode> {
	const connection = await connections.connect();
	try {
		await connection.query("begin");
		const { rows } = await connection.query(`explain (analyze, format json) ${text}`, values);
		return rows[0]["QUERY PLAN"][0].Plan;
	} finally {
		await connection.query("rollback");
		connection.release();
	}
}

/** How the work reads most of a big table, row by row or along an index, with the statement that does it. */
async function scansOf(work: () => Promise<unknown>): Promise<string[]> {
	const statements = await statementsOf(work);
	expect(statements.length, "statements seen").toBeGreaterThan(0);
	const scans: string[] = [];
	for (const statement of statements) {
		for (const node of nodesOf(await planOf(statement))) {
			const table = node["Relation Name"] ?? "";
			const rowsRead = (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
			if (rowsRead >= (MOST_ROWS[table] ?? Number.POSITIVE_INFINITY)) {
				scans.push(`${node["Node Type"]} of ${rowsRead} rows of ${table}: ${statement.text}`);
			}
		}
	}
	return scans;
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The list's first page and the second, and the first again from there. */
async function walk<Filter>(list: (filter: Filter, cursor?: string | null) => Promise<Page<unknown>>, filter: Filter) {
	const { next } = await list(filter);
	if (next) await list(filter, (await list(filter, next)).previous);
}

const name = "Bennett";
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

test.each<SessionFilter>([
	{},
	{ q: name },
	{ q: "nobody-has-this" },
	{ role: "user" },
	{ role: "support" },
	{ role: "owner" },
	{ ip: "198.18.3.7" },
	{ ip: "198.18.3.0/24" },
	{ ip: "0.0.0.0/0" },
	{ ip: "192.0.2.0/24" },
	{ browser: "Chrome" },
	{ browser: "Netscape" },
	{ browser: "unknown" },
	{ browser: "Safari", operatingSystem: "Windows" },
	{ operatingSystem: "iOS" },
	{ olderThan: "7d" },
	{ olderThan: "26d" },
	{ olderThan: "90d" },
	{ lastSeenBefore: "1h" },
	{ lastSeenBefore: "6d" },
	{ lastSeenBefore: hoursAgo(6.9 * 24) },
	{ lastSeenBefore: "8d" },
	{ impersonations: "true" },
	{ impersonations: "false" },
	{ role: "admin", ip: "198.18.0.0/16", lastSeenBefore: "1d" },
	{ q: name, browser: "Safari", olderThan: "20d" },
])("the list of sessions and its count scan no table, filtered by %j", async (filter) => {
	expect(await scansOf(() => walk(listSessions, filter))).toEqual([]);
	expect(await scansOf(() => countSessions(filter, 1_000))).toEqual([]);
});

test("one person's sessions, live and ended, are found by index", async () => {
	expect(await scansOf(() => walk(listSessions, busy))).toEqual([]);
	expect(await scansOf(() => walk(listEndedSessions, busy))).toEqual([]);
});

test.each<EndedSessionFilter>([
	{},
	{ q: name },
	{ q: "nobody-has-this" },
	{ by: name },
	{ by: "nobody-has-this" },
	{ reason: "forced" },
	{ reason: "offboarded" },
	{ reason: "idle", q: name },
])("the list of ended sessions scans no table, filtered by %j", async (filter) => {
	expect(await scansOf(() => walk(listEndedSessions, filter))).toEqual([]);
});

test("what a filter can offer is read by leaps", async () => {
	expect(await scansOf(listDevices)).toEqual([]);
});

test.each<Record<string, string>>([
	{},
	{ sort: "name" },
	{ sort: "-email" },
	{ q: name },
	{ q: "nobody-has-this" },
	{ role: "user" },
	{ role: "support" },
	{ status: "suspended" },
	{ signedIn: "true" },
])("the list of people and its count scan no table, filtered by %j", async (given) => {
	const filter = userFilterSchema.parse(given);
	expect(await scansOf(() => walk(listUsers, filter))).toEqual([]);
	if (!filter.signedIn) expect(await scansOf(() => countUsers(filter, 1_000))).toEqual([]);
});

test("one person is found by index", async () => {
	expect(await scansOf(() => findUser(busy.userId))).toEqual([]);
});

test.each<AuditFilter>([
	{},
	{ who: name },
	{ whom: "nobody-has-this" },
	{ what: "session.started" },
	{ what: "forced-logouts" },
	{ from: "2020-01-01", to: "2020-01-31" },
	{ ip: "198.18.3.0/24" },
])("the audit log scans no table, filtered by %j", async (filter) => {
	expect(await scansOf(() => walk(listAuditEvents, filter))).toEqual([]);
});

test("one person's part of the audit log is found by index", async () => {
	expect(await scansOf(() => walk(listAuditEvents, { person: busy.userId }))).toEqual([]);
	expect(await scansOf(() => walk(listAuditEvents, { who: owner.user.id }))).toEqual([]);
});

test("the overview walks along indexes; only to count all live sessions may it read their table", async () => {
	const scans = (await scansOf(() => readOverview())).filter((scan) => scan.startsWith("Seq Scan"));
	const countsAll = `select count(*) from "sessions" where "sessions"."expires_at" > now()`;
	expect(scans.filter((scan) => !scan.endsWith(countsAll))).toEqual([]);
});

describe("with very many sessions, an index is enough", () => {
	test("to look one up, and to list one's own", async () => {
		expect(await scansOf(() => findSession(owner.tokens, owner.origin))).toEqual([]);
		expect(await scansOf(() => listOwnSessions(owner))).toEqual([]);
		expect(await scansOf(() => listPastImpersonations(owner))).toEqual([]);
	});

	test("to tell whether a person was on a network before", async () => {
		const account = { email: "busy@example.com", id: busy.userId };
		expect(await scansOf(() => checkPassword(account, "wrong", { ip: "192.0.2.200", userAgent: null }))).toEqual([]);
	});

	test("to end one, all of one person, and those of a page", async () => {
		const one = await sessionOf(await createUser());
		expect(await scansOf(() => forceLogout(owner, [one.id]))).toEqual([]);
		expect(await scansOf(() => forceLogoutEverywhere(owner, busy.userId))).toEqual([]);
		const page = (await listSessions({ role: "user" })).rows.map(({ id }) => id);
		const end = () => db.transaction((tx) => endSessions(tx, inArray(sessions.id, page), "forced", null));
		expect(await scansOf(end)).toEqual([]);
	});

	test("to note a refusal, of a session that ended and of one that never was", async () => {
		const one = await sessionOf(await createUser());
		await forceLogout(owner, [one.id]);
		expect(await scansOf(() => noteRefusal(one.tokens, "/"))).toEqual([]);
		expect(await scansOf(() => noteRefusal({ token: "made up" }, "/"))).toEqual([]);
	});

	test("to sweep", async () => {
		const one = await sessionOf(await createUser());
		await db.update(sessions).set({ expiresAt: new Date() }).where(eq(sessions.id, one.id));
		expect(await scansOf(sweep)).toEqual([]);
	});
});

test("a statement that has no index to go by is noticed", async () => {
	const unindexed = [users.passwordHash, sessions.userAgent, endedSessions.firstRefusedPath, auditEvents.reason];
	for (const column of unindexed) {
		const search = () => db.execute(sql`select from ${column.table} where ${column} = 'nowhere'`);
		expect(await scansOf(search), column.name).toHaveLength(1);
	}
});
