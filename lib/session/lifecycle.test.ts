import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { endedSessions, sessions } from "@/db/schema";
import { environment } from "@/lib/environment";
import type { Person } from "@/lib/session/lookup";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { countEnded, endSessions, startSession } from "./lifecycle";
import { findSession } from "./lookup";
import { noteRefusal } from "./refusal";
import { sweep } from "./sweep";
import { hashToken } from "./token";

let alice: Person;
let admin: TestSession;
beforeEach(async () => {
	alice = await createUser();
	admin = await sessionOf(await createUser({ role: "admin" }));
});

const end = (ids: string[]) =>
	db.transaction((tx) => endSessions(tx, inArray(sessions.id, ids), "forced", admin.user.id));
const isLiveNow = async (session: TestSession) => (await findSession(session.tokens, session.origin)) !== null;
const endedOf = (ids: string[]) =>
	db
		.select({ id: endedSessions.id, reason: endedSessions.endReason, by: endedSessions.endedById })
		.from(endedSessions)
		.where(inArray(endedSessions.id, ids))
		.orderBy(asc(endedSessions.id));
const update = ({ id }: TestSession, values: Partial<typeof sessions.$inferInsert>) =>
	db.update(sessions).set(values).where(eq(sessions.id, id));

const LONG_AGO = new Date(Date.now() - 400 * 86_400_000);
const longAgo = { lastSeenAt: LONG_AGO, lastSeenOn: LONG_AGO.toISOString().slice(0, 10) };

describe("a session begins", () => {
	test("with a token of its own, of which only the hash is stored", async () => {
		const { id, token } = await db.transaction((tx) => startSession(tx, { userId: alice.id, origin: admin.origin }));
		const [row] = await db.select().from(sessions).where(eq(sessions.id, id));
		expect(token).toMatch(/^[\w-]{43}$/);
		expect(row?.tokenHash).toEqual(hashToken(token));
		expect(JSON.stringify(row)).not.toContain(token);
		expect(row?.expiresAt.getTime()).toBe(
			(row?.createdAt.getTime() ?? 0) + environment().SESSION_ABSOLUTE_SECONDS * 1000,
		);
	});
});

describe("the limit of sessions", () => {
	const limit = environment().SESSIONS_PER_USER;
	const liveOf = async (person: Person) =>
		db.$count(sessions, and(eq(sessions.userId, person.id), isNull(sessions.impersonatorId)));
	/** Fills the person's limit; the first was seen longest ago. */
	async function fill(person: Person, count = limit): Promise<TestSession[]> {
		const all: TestSession[] = [];
		for (let number = 0; number < count; number++) all.push(await sessionOf(person));
		for (const [index, session] of all.entries()) {
			await update(session, { lastSeenAt: new Date(Date.now() - (count - index) * 60_000) });
		}
		return all;
	}

	test("ends the session that was seen longest ago when its person signs in once more", async () => {
		const [oldest, second] = (await fill(alice)) as [TestSession, TestSession];
		const impersonation = await impersonationOf(alice, admin);
		const newest = await sessionOf(alice);
		expect(await endedOf([oldest.id])).toMatchObject([{ reason: "limit_reached", by: null }]);
		for (const session of [second, impersonation, newest, admin]) expect(await isLiveNow(session)).toBe(true);
		expect(await liveOf(alice)).toBe(limit);
	});

	test("takes the impersonations along that hang from the session that ends", async () => {
		const [oldest] = (await fill(admin.user, limit - 1)) as [TestSession];
		const impersonation = await impersonationOf(alice, oldest);
		await update(oldest, { lastSeenAt: new Date(Date.now() - 86_400_000) });
		await sessionOf(admin.user);
		expect(await endedOf([oldest.id, impersonation.id])).toMatchObject([
			{ reason: "limit_reached" },
			{ reason: "impersonator_gone" },
		]);
	});

	test("does not count impersonations, nor sessions that are past a limit of their own", async () => {
		const [dead, live] = (await fill(alice)) as [TestSession, TestSession];
		await update(dead, { expiresAt: new Date() });
		await impersonationOf(alice, admin);
		await sessionOf(alice);
		expect(await isLiveNow(live)).toBe(true);
		await sweep();
		expect(await endedOf([dead.id])).toMatchObject([{ reason: "expired" }]);
	});

	test("holds when many sign in at the same moment, and each of them is in", async () => {
		await fill(alice);
		const begun = await Promise.all(Array.from({ length: 8 }, () => sessionOf(alice)));
		expect(await liveOf(alice)).toBe(limit);
		for (const session of begun) expect(await isLiveNow(session)).toBe(true);
	});
});

describe("a session ends", () => {
	test("by leaving its table for the history, with why and by whom, and nothing of it is lost", async () => {
		const session = await sessionOf(alice);
		const [before] = await db.select().from(sessions).where(eq(sessions.id, session.id));
		expect(await end([session.id])).toEqual([{ userId: alice.id, sessions: 1, impersonations: 0 }]);
		expect(await isLiveNow(session)).toBe(false);
		const [after] = await db.select().from(endedSessions).where(eq(endedSessions.id, session.id));
		// How a provider or an app reaches it has no use any more.
		const { lastSeenOn, refreshHash, identityId, providerSid, ...moved } = before ?? {};
		expect(after).toEqual({
			...moved,
			endedAt: expect.any(Date),
			endReason: "forced",
			endedById: admin.user.id,
			firstRefusedAt: null,
			firstRefusedPath: null,
		});
	});

	test("and takes the impersonations that hang from it along, for a reason of their own", async () => {
		const impersonation = await impersonationOf(alice, admin);
		const other = await sessionOf(admin.user);
		expect(await end([admin.id])).toEqual(
			expect.arrayContaining([
				{ userId: admin.user.id, sessions: 1, impersonations: 0 },
				{ userId: alice.id, sessions: 0, impersonations: 1 },
			]),
		);
		expect(await endedOf([admin.id, impersonation.id])).toMatchObject([
			{ id: admin.id, reason: "forced" },
			{ id: impersonation.id, reason: "impersonator_gone" },
		]);
		expect(await isLiveNow(impersonation)).toBe(false);
		expect(await isLiveNow(other)).toBe(true);
	});

	test("alone, when it is the impersonation that ends", async () => {
		const impersonation = await impersonationOf(alice, admin);
		await end([impersonation.id]);
		expect(await isLiveNow(impersonation)).toBe(false);
		expect(await isLiveNow(admin)).toBe(true);
	});

	test("once: whoever ends it again finds nothing, also at the same moment", async () => {
		const session = await sessionOf(alice);
		const ends = await Promise.all(Array.from({ length: 8 }, () => end([session.id])));
		expect(ends.map(countEnded).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
		expect(await end([session.id])).toEqual([]);
		expect(await endedOf([session.id])).toHaveLength(1);
	});

	test("together with hundreds, from two sides at once, each exactly once", async () => {
		const ids: string[] = [];
		const bob = await createUser();
		for (let count = 0; count < 100; count++) ids.push((await sessionOf(alice)).id, (await sessionOf(bob)).id);
		const [one, two] = await Promise.all([end(ids), end(ids.toReversed())]);
		expect(countEnded(one) + countEnded(two)).toBe(200);
		expect(await endedOf(ids)).toHaveLength(200);
	});
});

describe("the sweeper", () => {
	test("files sessions that ran into a limit, each for its reason, and leaves all others alone", async () => {
		const fresh = await sessionOf(alice);
		const idle = await sessionOf(alice);
		const expired = await sessionOf(alice);
		const impersonation = await impersonationOf(alice, admin);
		await update(idle, longAgo);
		await update(expired, { expiresAt: new Date() });
		await update(impersonation, { expiresAt: new Date() });

		expect(await sweep()).toBe(3);
		const ids = [idle.id, expired.id, impersonation.id];
		expect((await endedOf(ids)).map(({ reason, by }) => [reason, by])).toEqual([
			["idle", null],
			["expired", null],
			["impersonation_expired", null],
		]);
		expect([await isLiveNow(fresh), await isLiveNow(admin)]).toEqual([true, true]);
		expect(await sweep()).toBe(0);
	});

	test("takes impersonations along with the session that they hang from", async () => {
		const impersonation = await impersonationOf(alice, admin);
		await update(admin, longAgo);
		expect(await sweep()).toBe(2);
		expect(await endedOf([impersonation.id])).toMatchObject([{ reason: "impersonator_gone" }]);
	});

	test("shares the work with others that sweep at the same time", async () => {
		const ids: string[] = [];
		for (let count = 0; count < 60; count++) ids.push((await sessionOf(alice)).id);
		await db.update(sessions).set(longAgo).where(inArray(sessions.id, ids));
		const swept = await Promise.all([sweep(), sweep(), sweep()]);
		expect(swept.reduce((sum, count) => sum + count)).toBe(60);
		expect(await endedOf(ids)).toHaveLength(60);
	});

	test("does not wait for a session that somebody holds", async () => {
		const [held, free] = [await sessionOf(alice), await sessionOf(alice)];
		for (const session of [held, free]) await update(session, longAgo);
		await db.transaction(async (tx) => {
			await tx.select({ id: sessions.id }).from(sessions).where(eq(sessions.id, held.id)).for("share");
			expect(await sweep()).toBe(1);
		});
		expect(await sweep()).toBe(1);
	});

	test("forgets history after ninety days", async () => {
		const [old, recent] = [await sessionOf(alice), await sessionOf(alice)];
		await end([old.id, recent.id]);
		const endedAt = new Date(Date.now() - 91 * 86_400_000);
		await db.update(endedSessions).set({ endedAt }).where(eq(endedSessions.id, old.id));
		await sweep();
		expect((await endedOf([old.id, recent.id])).map(({ id }) => id)).toEqual([recent.id]);
	});
});

describe("a cookie that comes back too late", () => {
	test("files its session when the sweeper has not come by yet, with the receipt", async () => {
		const session = await sessionOf(alice);
		await update(session, longAgo);
		await noteRefusal(session.tokens, "/dashboard");
		const [row] = await db.select().from(endedSessions).where(eq(endedSessions.id, session.id));
		expect(row).toMatchObject({ endReason: "idle", firstRefusedPath: "/dashboard", firstRefusedAt: expect.any(Date) });
	});

	test("of an impersonation notes both, the impersonation and the admin's own", async () => {
		const impersonation = await impersonationOf(alice, admin);
		await end([admin.id]);
		await noteRefusal(impersonation.tokens, "/projects");
		const rows = await db
			.select({ path: endedSessions.firstRefusedPath })
			.from(endedSessions)
			.where(inArray(endedSessions.id, [admin.id, impersonation.id]));
		expect(rows).toEqual([{ path: "/projects" }, { path: "/projects" }]);
	});

	test("with a token that nobody ever had changes nothing, nor does one of a live session", async () => {
		const session = await sessionOf(alice);
		await noteRefusal({ token: "made up" }, "/");
		await noteRefusal(session.tokens, "/");
		expect(await isLiveNow(session)).toBe(true);
	});
});
