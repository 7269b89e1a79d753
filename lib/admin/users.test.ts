import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { PAGE_ROWS } from "@/lib/list/cursor";
import { parse } from "@/lib/parse";
import type { Person } from "@/lib/session/lookup";
import { createUser, impersonationOf, sessionOf } from "@/lib/testing/people";
import { forceLogoutEverywhere } from "./force-logout";
import { suspend } from "./suspension";
import { countUsers, listUsers, type UserFilter, userFilterSchema } from "./users";

const filter = (given: Record<string, string> = {}): UserFilter => parse(userFilterSchema, given);
const find = async (given: Record<string, string>) => (await listUsers(filter(given))).rows.map((row) => row.name);

let owner: Person;
let alice: Person;
let bob: Person;

beforeAll(async () => {
	owner = await createUser({ name: "Olivia Bennett", email: "owner@example.com", role: "owner" });
	await createUser({ name: "Sofía Márquez", email: "sofia@example.com", role: "support" });
	alice = await createUser({ name: "Alice Nakamura", email: "alice@example.com" });
	bob = await createUser({ name: "Bob 100%_sure", email: "bob@example.org" });
	await createUser({ name: "王小明", email: "wang@example.cn" });
});

describe("people are found", () => {
	test("by any part of their name or e-mail address, whatever its case", async () => {
		expect(await find({ q: "NAKA" })).toEqual(["Alice Nakamura"]);
		expect(await find({ q: "example.org" })).toEqual(["Bob 100%_sure"]);
		expect(await find({ q: "márq" })).toEqual(["Sofía Márquez"]);
		expect(await find({ q: "小" })).toEqual(["王小明"]);
		expect(await find({ q: "nobody-has-this" })).toEqual([]);
	});

	test("by several words in any order, of which each must occur", async () => {
		expect(await find({ q: " nakamura  alice " })).toEqual(["Alice Nakamura"]);
		expect(await find({ q: "alice bob" })).toEqual([]);
	});

	test("by the signs that mean something else to the database, taken literally", async () => {
		expect(await find({ q: "100%_s" })).toEqual(["Bob 100%_sure"]);
		expect(await find({ q: "a%e" })).toEqual([]);
		expect(await find({ q: "_lice" })).toEqual([]);
		expect(await find({ q: "\\" })).toEqual([]);
		expect(await find({ q: "'; drop table users; --" })).toEqual([]);
	});

	test("by role and status", async () => {
		const session = await sessionOf(owner);
		const eve = await createUser({ name: "Eve" });
		await suspend(session, eve.id, { reason: "A test" });
		expect(await find({ role: "support" })).toEqual(["Sofía Márquez"]);
		expect(await find({ status: "suspended" })).toEqual(["Eve"]);
		expect(await find({ status: "active", q: "eve" })).toEqual([]);
		expect((await listUsers(filter({ q: "eve" }))).rows[0]?.status).toBe("suspended");
		await db
			.update(users)
			.set({ suspendedUntil: new Date(Date.now() - 1_000) })
			.where(eq(users.id, eve.id));
		expect(await find({ status: "active", q: "eve" }), "a suspension that has passed is none").toEqual(["Eve"]);
		expect(await find({ status: "suspended" })).toEqual([]);
	});

	test("by whether they are signed in now: past a limit, or impersonated, is not", async () => {
		const admin = await sessionOf(await createUser({ name: "Admin A", role: "admin" }));
		await impersonationOf(alice, admin);
		expect(await find({ signedIn: "true", q: "alice" })).toEqual([]);

		const session = await sessionOf(alice);
		expect(await find({ signedIn: "true", q: "alice" })).toEqual(["Alice Nakamura"]);
		await db.update(sessions).set({ expiresAt: new Date() }).where(eq(sessions.id, session.id));
		expect(await find({ signedIn: "true", q: "alice" })).toEqual([]);
	});
});

describe("each row says", () => {
	test("how many of their own sessions are live, and when one was last used", async () => {
		const admin = await sessionOf(await createUser({ name: "Admin B", role: "admin" }));
		await sessionOf(bob);
		const recent = await sessionOf(bob);
		await db
			.update(sessions)
			.set({ lastSeenAt: new Date(Date.now() - 60_000) })
			.where(eq(sessions.userId, bob.id));
		const seenAt = new Date(Date.now() - 5_000);
		await db.update(sessions).set({ lastSeenAt: seenAt }).where(eq(sessions.id, recent.id));
		await impersonationOf(bob, admin);
		const row = async () => (await listUsers(filter({ q: "bob" }))).rows[0];
		expect(await row()).toMatchObject({ ...bob, status: "active", sessions: 2, lastSeenAt: seenAt });

		await forceLogoutEverywhere(admin, bob.id);
		expect(await row(), "sessions that ended still say when").toMatchObject({ sessions: 0, lastSeenAt: seenAt });
	});

	test("nothing about when they were last seen, if they never were", async () => {
		expect((await listUsers(filter({ q: "王" }))).rows[0]).toMatchObject({ sessions: 0, lastSeenAt: null });
	});

	test("nothing that is secret", async () => {
		const [row] = (await listUsers(filter())).rows;
		expect(Object.keys(row ?? {}).sort()).toEqual(
			["createdAt", "email", "id", "lastSeenAt", "name", "role", "sessions", "status"].sort(),
		);
	});
});

describe("the list is walked page by page", () => {
	const q = "crowd";
	beforeAll(async () => {
		// Names repeat, so that the order must fall back on the id.
		const crowd = Array.from({ length: 2 * PAGE_ROWS + 7 }, (_, index) => ({
			name: `Crowd ${index % 9}`,
			email: `crowd-${index}@example.com`,
		}));
		await db.insert(users).values(crowd);
	});

	const sorts = userFilterSchema.shape.sort.unwrap().options;
	test.each(sorts)("forwards and backwards, every person once and in order, by %s", async (sort) => {
		const first = await listUsers(filter({ q, sort }));
		const second = await listUsers(filter({ q, sort }), first.next ?? "");
		const third = await listUsers(filter({ q, sort }), second.next ?? "");
		expect([first.rows.length, second.rows.length, third.rows.length]).toEqual([PAGE_ROWS, PAGE_ROWS, 7]);
		expect([first.previous, third.next]).toEqual([null, null]);
		expect(new Set([...first.rows, ...second.rows, ...third.rows].map(({ id }) => id)).size).toBe(2 * PAGE_ROWS + 7);

		const backToSecond = await listUsers(filter({ q, sort }), third.previous ?? "");
		const backToFirst = await listUsers(filter({ q, sort }), backToSecond.previous ?? "");
		expect(backToSecond.rows).toEqual(second.rows);
		expect(backToFirst.rows).toEqual(first.rows);
		expect(backToFirst.previous).toBeNull();
		expect((await listUsers(filter({ q, sort }), backToFirst.next ?? "")).rows).toEqual(second.rows);
	});

	test("newest first unless told otherwise", async () => {
		const { rows } = await listUsers(filter({ q }));
		expect(rows[0]?.email).toBe(`crowd-${2 * PAGE_ROWS + 6}@example.com`);
		const [oldest] = (await listUsers(filter({ sort: "joined" }))).rows;
		expect(oldest?.id).toBe(owner.id);
	});

	test("a cursor that is not of this list is refused", async () => {
		const { next } = await listUsers(filter({ q, sort: "name" }));
		const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
		const cursors = [
			next,
			"!",
			forged(null),
			forged([]),
			forged({ key: ["name", "a"], back: false }),
			forged({ key: ["name", "a", "not-an-id"], back: false }),
			forged({ key: ["name", "a\u0000", owner.id], back: false }),
			forged({ key: ["name", 1, owner.id], back: false }),
			forged({ key: ["name", "a", owner.id], back: "up" }),
		];
		for (const [index, cursor] of cursors.entries()) {
			const sort = index === 0 ? "-name" : "name";
			await expect(listUsers(filter({ q, sort }), cursor), `${cursor}`).rejects.toMatchObject({ code: "invalid" });
		}
	});

	test("they are counted up to a limit", async () => {
		expect(await countUsers(filter({ q }), 1_000)).toEqual({ count: 2 * PAGE_ROWS + 7, orMore: false });
		expect(await countUsers(filter({ q }), 20)).toEqual({ count: 20, orMore: true });
		expect(await countUsers(filter({ q: "nobody-has-this" }), 20)).toEqual({ count: 0, orMore: false });
	});
});

test.each<Record<string, string>>([
	{ q: "a".repeat(101) },
	{ q: "a\u0000b" },
	{ role: "emperor" },
	{ status: "gone" },
	{ signedIn: "perhaps" },
	{ sort: "password_hash" },
	{ unknown: "field" },
])("the filter %j is refused with a message", (given) => {
	expect(() => filter(given)).toThrow(expect.objectContaining({ code: "invalid" }));
});
