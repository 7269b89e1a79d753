import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { endedSessions } from "@/db/schema";
import { PAGE_ROWS } from "@/lib/list/cursor";
import { parse } from "@/lib/parse";
import { signOut, signOutOtherDevices } from "@/lib/session/own";
import { noteRefusal } from "@/lib/session/refusal";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { type EndedSessionFilter, endedSessionFilterSchema, listEndedSessions } from "./ended-sessions";
import { forceLogout, forceLogoutEverywhere } from "./force-logout";

const filter = (given: Record<string, string> = {}): EndedSessionFilter => parse(endedSessionFilterSchema, given);
const find = async (given: Record<string, string>) => (await listEndedSessions(filter(given))).rows.map(({ id }) => id);

let admin: TestSession;
beforeAll(async () => {
	admin = await sessionOf(await createUser({ role: "admin", name: "Amir Haddad", email: "amir@example.com" }));
});

describe("sessions that are over are found", () => {
	test("by person, by why, and by who ended them, the latest end first", async () => {
		const alice = await createUser({ name: "Alice Nakamura" });
		const [first, second, third] = [await sessionOf(alice), await sessionOf(alice), await sessionOf(alice)];
		await forceLogout(admin, [second.id]);
		await signOutOtherDevices(third);
		await signOut(third);
		expect(await find({ userId: alice.id })).toEqual([third.id, first.id, second.id]);
		expect(await find({ q: "nakamura alice" })).toEqual([third.id, first.id, second.id]);
		expect(await find({ q: "nakamura", reason: "signed_out" })).toEqual([third.id]);
		expect(await find({ q: "nakamura", by: "amir@" })).toEqual([second.id]);
		expect(await find({ q: "nakamura", by: "alice" })).toEqual([third.id, first.id]);
		expect(await find({ endedById: admin.user.id, userId: alice.id })).toEqual([second.id]);
		expect(await find({ q: "nobody-has-this" })).toEqual([]);
		expect(await find({ by: "nobody-has-this" })).toEqual([]);
		expect(await find({ userId: alice.id, reason: "suspended" })).toEqual([]);
	});

	test("and each row says why, by whom, as whom, and nothing that is secret", async () => {
		const bob = await createUser({ name: "Bob Okafor" });
		const impersonation = await impersonationOf(bob, admin);
		await forceLogoutEverywhere(admin, bob.id);
		expect((await listEndedSessions(filter({ userId: bob.id }))).rows).toEqual([
			{
				id: impersonation.id,
				user: bob,
				browser: "Chrome",
				operatingSystem: "Linux",
				appDevice: null,
				ip: "192.0.2.10",
				authenticatedWith: "impersonation",
				createdAt: expect.any(Date),
				lastSeenAt: expect.any(Date),
				endedAt: expect.any(Date),
				reason: "forced",
				endedBy: { id: admin.user.id, name: "Amir Haddad" },
				impersonation: { by: { id: admin.user.id, name: "Amir Haddad" }, reason: "A test" },
				refused: null,
			},
		]);
	});

	test("page by page, also where many ended in the same microsecond", async () => {
		const crowd = await createUser();
		const ids = [];
		for (let count = 0; count < PAGE_ROWS + 12; count++) ids.push((await sessionOf(crowd)).id);
		await forceLogoutEverywhere(admin, crowd.id);
		const endedAt = new Date();
		await db.update(endedSessions).set({ endedAt }).where(eq(endedSessions.userId, crowd.id));

		const first = await listEndedSessions(filter({ userId: crowd.id }));
		const second = await listEndedSessions(filter({ userId: crowd.id }), first.next);
		expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(ids.reverse());
		expect((await listEndedSessions(filter({ userId: crowd.id }), second.previous)).rows).toEqual(first.rows);
	});

	test("and the microseconds of their ends are not lost from one page to the next", async () => {
		const crowd = await createUser();
		for (let count = 0; count < PAGE_ROWS + 1; count++) await sessionOf(crowd);
		await forceLogoutEverywhere(admin, crowd.id);
		const first = await listEndedSessions(filter({ userId: crowd.id }));
		const second = await listEndedSessions(filter({ userId: crowd.id }), first.next);
		expect([first.rows.length, second.rows.length]).toEqual([PAGE_ROWS, 1]);
	});

	test("but not by a cursor that is not of this list", async () => {
		const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
		const { id } = admin;
		const keys = [
			id,
			[id, id],
			["2026-01-01", id],
			["2026-02-30T00:00:00.000000Z", id],
			["0000-01-01T00:00:00.000000Z", id],
		];
		for (const key of keys) {
			const cursor = forged({ key, back: false });
			await expect(listEndedSessions(filter(), cursor), `${key}`).rejects.toMatchObject({ code: "invalid" });
		}
	});
});

describe("the receipt", () => {
	const receiptOf = async ({ user }: TestSession) => {
		const [row] = (await listEndedSessions(filter({ userId: user.id }))).rows;
		return row?.refused;
	};

	test("says that the session was not seen since, until its cookie is used again", async () => {
		const session = await sessionOf(await createUser());
		await forceLogout(admin, [session.id]);
		expect(await receiptOf(session)).toBeNull();
		await noteRefusal(session.tokens, "/projects");
		expect(await receiptOf(session)).toEqual({ at: expect.any(Date), path: "/projects" });
	});

	test("keeps the first refusal and ignores all later ones", async () => {
		const session = await sessionOf(await createUser());
		await forceLogout(admin, [session.id]);
		await noteRefusal(session.tokens, "/first");
		const first = await receiptOf(session);
		await noteRefusal(session.tokens, "/second");
		expect(await receiptOf(session)).toEqual(first);
		expect(first?.path).toBe("/first");
	});

	test("is never dated before the end", async () => {
		const session = await sessionOf(await createUser());
		await forceLogout(admin, [session.id]);
		await noteRefusal(session.tokens, "/");
		const [row] = (await listEndedSessions(filter({ userId: session.user.id }))).rows;
		expect(row?.refused?.at.getTime()).toBeGreaterThanOrEqual(row?.endedAt.getTime() ?? Number.NaN);
	});
});

test.each<Record<string, string>>([
	{ q: "a".repeat(101) },
	{ q: "a\u0000b" },
	{ userId: "1" },
	{ by: "\u0000" },
	{ endedById: "me" },
	{ reason: "because" },
	{ view: "ended" },
])("the filter %j is refused with a message", (given) => {
	expect(() => filter(given)).toThrow(expect.objectContaining({ code: "invalid" }));
});
