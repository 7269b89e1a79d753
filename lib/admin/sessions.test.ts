import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { PAGE_ROWS } from "@/lib/list/cursor";
import { firstIdAt } from "@/lib/list/filter";
import { parse } from "@/lib/parse";
import type { Person } from "@/lib/session/lookup";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { listDevices } from "./devices";
import { listEndedSessions } from "./ended-sessions";
import { forceLogout } from "./force-logout";
import { countSessions, forceLogoutFiltered, listSessions, type SessionFilter, sessionFilterSchema } from "./sessions";

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI =
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

const HOUR_MS = 3_600_000;

const filter = (given: Record<string, string> = {}): SessionFilter => parse(sessionFilterSchema, given);
const find = async (given: Record<string, string>) => (await listSessions(filter(given))).rows.map((row) => row.id);

/** Moves a session back in time, as if it had begun and been used so many hours ago. */
async function age({ id }: { id: string }, beganHoursAgo: number, seenHoursAgo = beganHoursAgo): Promise<string> {
	const createdAt = new Date(Date.now() - beganHoursAgo * HOUR_MS);
	const lastSeenAt = new Date(Date.now() - seenHoursAgo * HOUR_MS);
	const agedId = firstIdAt(createdAt).slice(0, 18) + id.slice(18);
	const aged = { id: agedId, createdAt, lastSeenAt, lastSeenOn: lastSeenAt.toISOString().slice(0, 10) };
	await db.update(sessions).set(aged).where(eq(sessions.id, id));
	return agedId;
}

let support: TestSession;
let admin: TestSession;
let alice: Person;
let phone: TestSession;
let laptop: TestSession;
let impersonation: TestSession;

beforeAll(async () => {
	support = await sessionOf(await createUser({ role: "support", name: "Sofía Márquez" }));
	admin = await sessionOf(await createUser({ role: "admin", name: "Amir Haddad" }));
	alice = await createUser({ name: "Alice Nakamura", email: "alice@example.com" });
	phone = await sessionOf(alice, { ip: "203.0.113.7", userAgent: SAFARI });
	laptop = await sessionOf(alice, { ip: "2001:db8::7", userAgent: FIREFOX });
	impersonation = await impersonationOf(alice, admin);
});

describe("live sessions are found", () => {
	test("newest first, unless they are past a limit", async () => {
		const expired = await sessionOf(alice);
		await db.update(sessions).set({ expiresAt: new Date() }).where(eq(sessions.id, expired.id));
		const idle = await sessionOf(alice);
		await db
			.update(sessions)
			.set({ lastSeenAt: new Date(Date.now() - 8 * 24 * HOUR_MS) })
			.where(eq(sessions.id, idle.id));
		expect(await find({ userId: alice.id })).toEqual([impersonation.id, laptop.id, phone.id]);
	});

	test("by parts of the person's name or address, and by their id and role", async () => {
		expect(await find({ q: "naka ALICE" })).toEqual([impersonation.id, laptop.id, phone.id]);
		expect(await find({ q: "sofia" })).toEqual([]);
		expect(await find({ q: "márq" })).toEqual([support.id]);
		expect(await find({ q: "alice%" })).toEqual([]);
		expect(await find({ userId: admin.user.id })).toEqual([admin.id]);
		expect(await find({ role: "support" })).toEqual([support.id]);
		expect(await find({ role: "owner" })).toEqual([]);
	});

	test("by address, and by network of either kind", async () => {
		expect(await find({ ip: "203.0.113.7" })).toEqual([phone.id]);
		expect(await find({ ip: "203.0.113.0/24" })).toEqual([phone.id]);
		expect(await find({ ip: "203.0.113.8" })).toEqual([]);
		expect(await find({ ip: "2001:db8::/32" })).toEqual([laptop.id]);
		expect(await find({ ip: "2001:0DB8:0:0:0:0:0:7" })).toEqual([laptop.id]);
		expect(await find({ ip: "::/0" })).toEqual([laptop.id]);
	});

	test("by browser and system, and by being unknown", async () => {
		const unknown = await sessionOf(await createUser(), { userAgent: null });
		expect(await find({ browser: "Firefox" })).toEqual([laptop.id]);
		expect(await find({ operatingSystem: "iOS", browser: "Safari" })).toEqual([phone.id]);
		expect(await find({ operatingSystem: "iOS", browser: "Firefox" })).toEqual([]);
		expect(await find({ browser: "unknown" })).toEqual([unknown.id]);
		expect(await find({ operatingSystem: "unknown" })).toEqual([unknown.id]);
		expect(await listDevices()).toEqual({
			browsers: ["Chrome", "Firefox", "Safari"],
			operatingSystems: ["iOS", "Linux", "Windows"],
		});
	});

	test("by how long ago they began and were last seen", async () => {
		const person = await createUser({ name: "Timothy" });
		const old = await age(await sessionOf(person), 100, 1);
		const forgotten = await age(await sessionOf(person), 90, 80);
		const fresh = (await sessionOf(person)).id;
		const of = (given: Record<string, string>) => find({ userId: person.id, ...given });
		expect(await of({})).toEqual([fresh, forgotten, old]);
		expect(await of({ olderThan: "30m" })).toEqual([forgotten, old]);
		expect(await of({ olderThan: "95h" })).toEqual([old]);
		expect(await of({ olderThan: "5d" })).toEqual([]);
		expect(await of({ olderThan: new Date(Date.now() - 95 * HOUR_MS).toISOString() })).toEqual([old]);
		expect(await of({ lastSeenBefore: "59m" })).toEqual([forgotten, old]);
		expect(await of({ lastSeenBefore: "3d" })).toEqual([forgotten]);
		expect(await of({ lastSeenBefore: "4d" })).toEqual([]);
	});

	test("by being impersonations or not", async () => {
		expect(await find({ impersonations: "true" })).toEqual([impersonation.id]);
		expect(
			await find({ impersonations: "true", lastSeenBefore: new Date(Date.now() + HOUR_MS).toISOString() }),
		).toEqual([impersonation.id]);
		expect(await find({ impersonations: "false", userId: alice.id })).toEqual([laptop.id, phone.id]);
	});

	test("and each row says whose it is, who else sits there, and nothing that is secret", async () => {
		const [row] = (await listSessions(filter({ impersonations: "true" }))).rows;
		expect(row).toEqual({
			id: impersonation.id,
			user: alice,
			browser: "Chrome",
			operatingSystem: "Linux",
			appDevice: null,
			ip: "192.0.2.10",
			authenticatedWith: "impersonation",
			createdAt: expect.any(Date),
			lastSeenAt: expect.any(Date),
			expiresAt: expect.any(Date),
			impersonation: { by: { id: admin.user.id, name: "Amir Haddad" }, reason: "A test" },
		});
		expect((await listSessions(filter({ ip: "203.0.113.7" }))).rows[0]?.impersonation).toBeNull();
	});

	test("and counted up to a limit", async () => {
		expect(await countSessions(filter({ userId: alice.id }), 10)).toEqual({ count: 3, orMore: false });
		expect(await countSessions(filter({ userId: alice.id }), 3)).toEqual({ count: 3, orMore: false });
		expect(await countSessions(filter({ userId: alice.id }), 2)).toEqual({ count: 2, orMore: true });
	});
});

describe("the list is walked page by page", () => {
	const ip = "192.0.2.200";
	const of = (cursor?: string | null) => listSessions(filter({ ip }), cursor);

	beforeAll(async () => {
		const crowd = [await createUser(), await createUser()];
		for (let count = 0; count < 2 * PAGE_ROWS + 7; count++) await sessionOf(crowd[count % 2] as Person, { ip });
	});

	test("forwards and backwards, every session once", async () => {
		const first = await of();
		const second = await of(first.next);
		const third = await of(second.next);
		expect([first, second, third].map(({ rows }) => rows.length)).toEqual([PAGE_ROWS, PAGE_ROWS, 7]);
		expect([first.previous, third.next]).toEqual([null, null]);
		expect((await of(third.previous)).rows).toEqual(second.rows);
		expect((await of((await of(third.previous)).previous)).rows).toEqual(first.rows);
	});

	test("and none is left out or told twice while sessions end and begin in between", async () => {
		const first = await of();
		const second = await of(first.next);
		// The row that the cursor points at goes, its neighbours on both sides go, and a new one comes.
		const gone = [first.rows[48], first.rows[49], second.rows[0]].map((row) => row?.id ?? "");
		await forceLogout(admin, gone);
		await sessionOf(await createUser(), { ip });
		const secondNow = await of(first.next);
		const third = await of(secondNow.next);
		const told = [...first.rows, ...secondNow.rows, ...third.rows].map(({ id }) => id);
		expect(new Set(told).size).toBe(told.length);
		expect(told.length).toBe(2 * PAGE_ROWS + 7 - 1);
		expect(secondNow.rows.map(({ id }) => id)).not.toContain(gone[2]);
	});

	test("and a cursor that is not of this list is refused", async () => {
		const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
		const ofEnded = forged({ key: ["2026-01-01T00:00:00.000000Z", alice.id], back: false });
		const noId = forged({ key: "no-id", back: false });
		const cursors = ["!", "x".repeat(5_000), forged(null), noId, forged({ key: alice.id }), ofEnded];
		for (const cursor of cursors) {
			await expect(of(cursor), cursor).rejects.toMatchObject({ code: "invalid" });
		}
	});
});

describe("all that match a filter are forced out", () => {
	test("and no others, and the log says by which filter", async () => {
		const person = await createUser();
		const away = await sessionOf(person, { ip: "198.51.100.1" });
		const home = await sessionOf(person, { ip: "198.51.200.1" });
		expect(await forceLogoutFiltered(support, filter({ ip: "198.51.100.0/24" }))).toBe(1);
		expect(await find({ userId: person.id })).toEqual([home.id]);
		const [ended] = (await listEndedSessions({ userId: person.id })).rows;
		expect(ended).toMatchObject({ id: away.id, reason: "forced", endedBy: { id: support.user.id } });
	});

	test("except those that the actor may not reach, which are left alone", async () => {
		const ip = "198.51.100.77";
		const reached = await sessionOf(await createUser(), { ip });
		const own = await sessionOf(support.user, { ip });
		const peer = await sessionOf(await createUser({ role: "support" }), { ip });
		const above = await sessionOf(await createUser({ role: "owner" }), { ip });
		expect(await find({ ip })).toEqual([above.id, peer.id, own.id, reached.id]);
		expect(await forceLogoutFiltered(support, filter({ ip }))).toBe(1);
		expect(await find({ ip })).toEqual([above.id, peer.id, own.id]);
	});

	test("but not without any filter: that would be everyone", async () => {
		await expect(forceLogoutFiltered(support, filter())).rejects.toMatchObject({ code: "invalid" });
	});
});

test.each<Record<string, string>>([
	{ q: "a".repeat(101) },
	{ q: "a\u0000b" },
	{ userId: "1" },
	{ role: "emperor" },
	{ ip: "203.0.113.256" },
	{ ip: "203.0.113.0/33" },
	{ ip: "fe80::1%eth0" },
	{ ip: "localhost" },
	{ browser: `Chrome\n${"x".repeat(200)}` },
	{ operatingSystem: "\u0007" },
	{ olderThan: "7" },
	{ olderThan: "0d" },
	{ olderThan: "-7d" },
	{ olderThan: "100000d" },
	{ olderThan: "yesterday" },
	{ olderThan: "2026-02-30T00:00:00Z" },
	{ olderThan: "0000-01-01T00:00:00Z" },
	{ lastSeenBefore: "2026-01-01" },
	{ impersonations: "perhaps" },
	{ token_hash: "x" },
])("the filter %j is refused with a message beside its field", (given) => {
	expect(() => filter(given)).toThrow(expect.objectContaining({ code: "invalid" }));
});
