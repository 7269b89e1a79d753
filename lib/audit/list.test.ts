import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { beforeAll, describe, expect, test } from "vitest";
import { connections, db } from "@/db/client";
import { auditEvents } from "@/db/schema";
import { changeProfile } from "@/lib/accounts/profile";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { PAGE_ROWS } from "@/lib/list/cursor";
import { parse } from "@/lib/parse";
import type { Person } from "@/lib/session/lookup";
import { createUser, impersonationOf, sessionOf } from "@/lib/testing/people";
import { auditChoices } from "./actions";
import { type AuditFilter, auditFilterSchema, listAuditEvents } from "./list";

const filter = (given: Record<string, unknown>): AuditFilter => parse(auditFilterSchema, given);
/** The reasons of the events that match: each event of these tests has its own. */
const find = async (given: Record<string, unknown>) =>
	(await listAuditEvents(filter(given))).rows.map((event) => event.reason);

type NewEvent = Partial<typeof auditEvents.$inferInsert> & { reason: string; at?: string };

/** Writes an event as if it had happened at another time. */
async function happened({ at, ...event }: NewEvent): Promise<void> {
	const occurredAt = at ? new Date(at) : new Date();
	// Without a moment of their own, ids are in the order of the calls even within one millisecond.
	const id = at ? uuidv7({ msecs: occurredAt.getTime() }) : uuidv7();
	await db.insert(auditEvents).values({ id, occurredAt, action: "profile.changed", actorLabel: "system", ...event });
}

let owner: Person;
let alice: Person;

beforeAll(async () => {
	owner = await createUser({ name: "Olivia Bennett", email: "owner@example.com", role: "owner" });
	alice = await createUser({ name: "Alice Nakamura", email: "alice@example.com" });
});

describe("the audit log tells", () => {
	test("who did what, on whom, from where", async () => {
		const session = await sessionOf(owner, { ip: "203.0.113.9" });
		await sessionOf(alice);
		await forceLogoutEverywhere(session, alice.id);
		const [event] = (await listAuditEvents(filter({ what: "session.forced_out_everywhere" }))).rows;
		expect(event).toMatchObject({
			action: "session.forced_out_everywhere",
			actor: { id: owner.id, label: "Olivia Bennett <owner@example.com>" },
			actingAs: null,
			target: { id: alice.id, label: "Alice Nakamura <alice@example.com>" },
			ip: "203.0.113.9",
			userAgent: session.origin.userAgent,
			detail: { count: 1 },
		});
		expect(event?.occurredAt.getTime()).toBeLessThanOrEqual(Date.now());
	});

	test("who really acted, and as whom, while impersonating", async () => {
		const session = await impersonationOf(alice, await sessionOf(owner));
		await changeProfile(session, { name: "Alice N." });
		const [event] = (await listAuditEvents(filter({ what: "profile.changed", person: alice.id }))).rows;
		expect(event).toMatchObject({ actor: { id: owner.id }, actingAs: { id: alice.id } });
	});
});

describe("events are found", () => {
	beforeAll(async () => {
		const byOwner = { actorId: owner.id, actorLabel: "Olivia Bennett <owner@example.com>" };
		const onAlice = { targetId: alice.id, targetLabel: "Alice Nakamura <alice@example.com>" };
		await happened({ reason: "v4", ...byOwner, ip: "198.51.100.7", action: "user.suspended" });
		await happened({ reason: "v6", ...byOwner, ip: "2001:db8::7", action: "user.reactivated" });
		await happened({ reason: "wang", actorLabel: "王小明 <wang@example.cn>", actorId: uuidv7() });
		await happened({ reason: "odd", actorLabel: "100%_sure\\ <odd@example.org>", actorId: uuidv7() });
		await happened({ reason: "old", ...onAlice, at: "2020-02-29T12:00:00Z" });
		await happened({ reason: "first moment", at: "2020-03-01T00:00:00Z" });
		await happened({ reason: "last moment", at: "2020-03-01T23:59:59.999Z" });
		await happened({ reason: "next day", at: "2020-03-02T00:00:00Z" });
	});

	test("by who did it: their id, or any words of their name and e-mail address", async () => {
		expect(await find({ who: "王" })).toEqual(["wang"]);
		expect(await find({ who: "wang@EXAMPLE.cn" })).toEqual(["wang"]);
		expect(await find({ who: "BENN owner", ip: "198.51.100.7" })).toEqual(["v4"]);
		expect(await find({ who: "be", ip: "198.51.100.7" }), "two letters begin a word").toEqual(["v4"]);
		expect(await find({ who: owner.id, ip: "198.51.100.7" })).toEqual(["v4"]);
		expect(await find({ who: "Bennett Nakamura" })).toEqual([]);
		expect(await find({ who: "nobody-has-this" })).toEqual([]);
	});

	test("by words that mean something else to the database, taken literally", async () => {
		expect(await find({ who: "100%_" })).toEqual(["odd"]);
		expect(await find({ who: "sure\\" })).toEqual(["odd"]);
		expect(await find({ who: "O%a" })).toEqual([]);
		expect(await find({ who: "_l" })).toEqual([]);
		expect(await find({ who: "'; drop table audit_events; --" })).toEqual([]);
	});

	test("by whom it was done to", async () => {
		expect(await find({ whom: "nakamura", to: "2020-12-31" })).toEqual(["old"]);
		expect(await find({ whom: alice.id, to: "2020-12-31" })).toEqual(["old"]);
		expect(await find({ whom: "bennett", to: "2020-12-31" })).toEqual([]);
	});

	test("by a person who did them, to whom they were done, or as whom they were done; each once", async () => {
		const { rows } = await listAuditEvents(filter({ person: alice.id }));
		const ids = rows.map((event) => event.id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids).toEqual(ids.toSorted().reverse());
		expect(rows.map((event) => event.action)).toEqual(
			expect.arrayContaining(["session.forced_out_everywhere", "impersonation.started", "profile.changed"]),
		);
		expect(rows.every((event) => [event.actor.id, event.actingAs?.id, event.target?.id].includes(alice.id))).toBe(true);
		expect(await find({ person: uuidv7() })).toEqual([]);
	});

	test("by what was done, and by groups of it", async () => {
		expect(await find({ what: "user.suspended" })).toEqual(["v4"]);
		expect(await find({ what: "access" })).toEqual(["v6", "v4"]);
	});

	test("by day in UTC, the last one included", async () => {
		expect(await find({ from: "2020-03-01", to: "2020-03-01" })).toEqual(["last moment", "first moment"]);
		expect(await find({ to: "2020-02-29" })).toEqual(["old"]);
		expect(await find({ from: "2020-03-02", to: "2020-12-31" })).toEqual(["next day"]);
	});

	test("by when they happened, even if their id is some minutes younger", async () => {
		const id = uuidv7({ msecs: Date.parse("2021-06-02T00:04:00Z") });
		await happened({ reason: "slow", at: "2021-06-01T23:59:00Z", id });
		expect(await find({ from: "2021-06-01", to: "2021-06-01" })).toEqual(["slow"]);
		expect(await find({ from: "2021-06-02", to: "2021-06-02" })).toEqual([]);
	});

	test("by address and by network", async () => {
		expect(await find({ ip: "198.51.100.7" })).toEqual(["v4"]);
		expect(await find({ ip: "198.51.100.0/24" })).toEqual(["v4"]);
		expect(await find({ ip: "198.51.100.99/24" }), "the host part of a network is ignored").toEqual(["v4"]);
		expect(await find({ ip: "2001:db8::/32" })).toEqual(["v6"]);
		expect(await find({ ip: "198.51.101.0/24" })).toEqual([]);
	});
});

describe("the log is walked page by page", () => {
	const crowd = { ip: "192.0.2.200" };
	const total = 2 * PAGE_ROWS + 7;
	beforeAll(async () => {
		const events = Array.from({ length: total }, (_, index) => ({
			action: "session.started",
			actorId: owner.id,
			actorLabel: "crowd",
			targetId: owner.id,
			reason: String(index),
			...crowd,
		}));
		await db.insert(auditEvents).values(events);
	});

	test.each([
		["all of them", (): object => crowd],
		["those of a person", (): object => ({ ...crowd, person: owner.id })],
	])("%s: forwards and backwards, every event once, newest first", async (_, given) => {
		const asked = filter(given() as Record<string, unknown>);
		const first = await listAuditEvents(asked);
		const second = await listAuditEvents(asked, first.next);
		const third = await listAuditEvents(asked, second.next);
		expect([first.rows.length, second.rows.length, third.rows.length]).toEqual([PAGE_ROWS, PAGE_ROWS, 7]);
		expect([first.previous, third.next]).toEqual([null, null]);
		const reasons = [...first.rows, ...second.rows, ...third.rows].map((event) => Number(event.reason));
		expect(reasons).toEqual(Array.from({ length: total }, (_, index) => total - 1 - index));

		const backToSecond = await listAuditEvents(asked, third.previous);
		const backToFirst = await listAuditEvents(asked, backToSecond.previous);
		expect(backToSecond.rows).toEqual(second.rows);
		expect(backToFirst.rows).toEqual(first.rows);
		expect(backToFirst.previous).toBeNull();
	});

	test("what happens meanwhile moves nothing", async () => {
		const first = await listAuditEvents(filter(crowd));
		const second = await listAuditEvents(filter(crowd), first.next);
		await happened({ reason: "meanwhile", ...crowd });
		expect((await listAuditEvents(filter(crowd), first.next)).rows).toEqual(second.rows);
	});

	test("a cursor that is not of this list is refused", async () => {
		const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
		const cursors = [
			"!",
			"%00",
			forged(null),
			forged({ key: "1; drop table users", back: false }),
			forged({ key: owner.id }),
			forged({ key: [owner.id], back: false }),
			forged({ key: owner.id, back: false, more: true }),
			"A".repeat(100_000),
		];
		for (const cursor of cursors) {
			await expect(listAuditEvents({}, cursor), cursor.slice(0, 50)).rejects.toMatchObject({ code: "invalid" });
		}
	});
});

test.each<Record<string, unknown>>([
	{ who: "a".repeat(101) },
	{ who: "a\u0000b" },
	{ who: ["a", "b"] },
	{ person: "alice" },
	{ what: "user.promoted" },
	{ what: "" },
	{ from: "yesterday" },
	{ from: "2026-02-30" },
	{ from: "0001-01-01" },
	{ from: "2026-02-02", to: "2026-02-01" },
	{ ip: "10.0.0.0/33" },
	{ ip: "10.0.0" },
	{ ip: "fe80::1%eth0" },
	{ ip: "::/129" },
	{ ip: "10.0.0.0/8/8" },
	{ unknown: "field" },
])("the filter %j is refused with a message", (given) => {
	expect(() => filter(given)).toThrow(expect.objectContaining({ code: "invalid" }));
});

test("every choice of what is understood by the database", async () => {
	for (const what of auditChoices) await listAuditEvents(filter({ what }));
});

test.each(["update audit_events set reason = 'forged'", "delete from audit_events", "truncate audit_events"])(
	"nobody rewrites history: %s",
	async (statement) => {
		const [before] = await db.select({ all: sql`count(*)` }).from(auditEvents);
		await expect(connections.query(statement)).rejects.toThrow("audit_events is append-only");
		expect(await db.select({ all: sql`count(*)` }).from(auditEvents)).toEqual([before]);
	},
);
