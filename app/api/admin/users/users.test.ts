import { beforeAll, describe, expect, test } from "vitest";
import type { Endpoint } from "@/lib/api/endpoint";
import type { Person } from "@/lib/session/lookup";
import { createUser, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { GET as SESSION } from "../../session/route";
import * as offboarding from "./[id]/offboarding/route";
import { GET, PATCH } from "./[id]/route";
import { DELETE as END_SESSIONS } from "./[id]/sessions/route";
import { GET as LIST } from "./route";

const NOBODY = "00000000-0000-7000-8000-000000000000";

let support: TestSession;
let admin: TestSession;
let owner: TestSession;
let alice: Person;

beforeAll(async () => {
	support = await sessionOf(await createUser({ role: "support", name: "Sofía" }));
	admin = await sessionOf(await createUser({ role: "admin", name: "Amir" }));
	owner = await sessionOf(await createUser({ role: "owner", name: "Olivia" }));
	alice = await createUser({ name: "Alice Nakamura", email: "alice@example.com" });
});

/** The status of the answer and what is in it. */
async function ask(
	as: TestSession,
	endpoint: Endpoint,
	path: string,
	id?: string,
	options: Parameters<typeof requestAs>[2] = {},
) {
	const response = await call(endpoint, requestAs(as, `/api/admin/users${path}`, options), id ? { id } : {});
	const text = await response.text();
	expect(text).not.toMatch(/hash|token/i);
	return { status: response.status, ...(text && { json: JSON.parse(text) }) };
}
const list = (as: TestSession, query: string) => ask(as, LIST, `?${query}`);
const get = (as: TestSession, { id }: { id: string }) => ask(as, GET, `/${id}`, id);
const patch = (as: TestSession, { id }: { id: string }, body: unknown) =>
	ask(as, PATCH, `/${id}`, id, { method: "PATCH", body });
const isSignedIn = async (session: TestSession) =>
	(await call(SESSION, requestAs(session, "/api/session"))).status === 200;

describe("GET /api/admin/users", () => {
	test("lists people by the filter of the page, each with all that its contract names", async () => {
		const { status, json } = await list(support, "q=nakamura&role=user&status=active");
		expect(status).toBe(200);
		expect(json).toEqual({
			data: [
				{
					id: alice.id,
					name: "Alice Nakamura",
					email: "alice@example.com",
					role: "user",
					status: "active",
					sessions: 0,
					lastSeenAt: null,
					createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
				},
			],
			next: null,
		});
	});

	test("comes in pages, which together have everyone once", async () => {
		await Promise.all(Array.from({ length: 120 }, (_, index) => createUser({ name: `Crowd ${index}` })));
		const names: string[] = [];
		const sizes: number[] = [];
		let cursor = "";
		do {
			const { json } = await list(support, `q=crowd&sort=name${cursor && `&cursor=${cursor}`}`);
			names.push(...json.data.map(({ name }: Person) => name));
			sizes.push(json.data.length);
			cursor = json.next;
		} while (cursor);
		expect(sizes).toEqual([50, 50, 20]);
		expect(new Set(names).size).toBe(120);
	});

	test.each([
		"cursor=x",
		"cursor=%00",
		`cursor=${"A".repeat(5_000)}`,
		"role=king",
		"role=",
		"q=%00",
		`q=${"a".repeat(5_000)}`,
		"sort=password_hash",
		"limit=1000000",
		"q=a&q=b",
	])("refuses ?%s", async (query) => {
		expect(await list(support, query)).toMatchObject({
			status: 400,
			json: { code: "invalid", errors: expect.anything() },
		});
	});
});

describe("GET /api/admin/users/{id}", () => {
	test("finds a person", async () => {
		expect(await get(support, alice)).toMatchObject({
			status: 200,
			json: { id: alice.id, email: "alice@example.com", status: "active", suspension: null },
		});
	});

	test("is 404 for nobody, and 400 for what is no id", async () => {
		expect(await get(support, { id: NOBODY })).toMatchObject({ status: 404, json: { code: "not-found" } });
		for (const id of ["1", "x".repeat(5_000), "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1", "'; --"]) {
			expect(await get(support, { id })).toMatchObject({
				status: 400,
				json: { errors: { id: ["That is not an id."] } },
			});
		}
	});
});

describe("PATCH /api/admin/users/{id} with a role", () => {
	test("changes it for the person's next request, without signing them out", async () => {
		const bob = await sessionOf(await createUser());
		expect(await patch(admin, bob.user, { role: "support" })).toMatchObject({ status: 200, json: { role: "support" } });
		const response = await call(SESSION, requestAs(bob, "/api/session"));
		expect(await response.json()).toMatchObject({ session: { id: bob.id }, user: { role: "support" } });
	});

	test("is refused where the actor's rank does not reach", async () => {
		const bob = await createUser();
		const peer = await createUser({ role: "admin" });
		expect((await patch(support, bob, { role: "support" })).status).toBe(403);
		expect((await patch(admin, bob, { role: "admin" })).status).toBe(403);
		expect((await patch(admin, peer, { role: "user" })).status).toBe(403);
		expect((await patch(admin, owner.user, { role: "user" })).status).toBe(403);
		expect((await patch(admin, admin.user, { role: "user" })).status).toBe(403);
		expect((await patch(owner, owner.user, { role: "user" })).status).toBe(403);
		for (const [person, role] of [
			[bob, "user"],
			[peer, "admin"],
			[owner.user, "owner"],
		] as const) {
			expect((await get(support, person)).json.role).toBe(role);
		}
	});

	test("takes a fresh proof of who asks", async () => {
		const stale = await sessionOf(admin.user);
		await letProofAge(stale);
		expect(await patch(stale, alice, { role: "support" })).toMatchObject({
			status: 403,
			json: { code: "proof-required" },
		});
	});
});

describe("PATCH /api/admin/users/{id} with a status", () => {
	test("suspends, which signs them out, and reactivates, which does not sign them in", async () => {
		const bob = await sessionOf(await createUser());
		const until = new Date(Date.now() + 3_600_000).toISOString();
		const suspended = await patch(admin, bob.user, { status: "suspended", reason: "Card stolen", until });
		expect(suspended).toMatchObject({
			status: 200,
			json: {
				status: "suspended",
				sessions: 0,
				suspension: { until, reason: "Card stolen", by: { id: admin.user.id } },
			},
		});
		expect(await isSignedIn(bob)).toBe(false);
		expect(await patch(admin, bob.user, { status: "active" })).toMatchObject({
			status: 200,
			json: { status: "active", suspension: null },
		});
		expect(await isSignedIn(bob)).toBe(false);
	});

	test("is refused where the actor's rank does not reach", async () => {
		const bob = await sessionOf(await createUser());
		const change = { status: "suspended", reason: "Because" };
		expect((await patch(support, bob.user, change)).status).toBe(403);
		expect((await patch(admin, owner.user, change)).status).toBe(403);
		expect((await patch(admin, admin.user, change)).status).toBe(403);
		for (const session of [bob, owner, admin]) expect(await isSignedIn(session)).toBe(true);
	});

	test("is a conflict where there is nothing to reactivate", async () => {
		expect(await patch(admin, alice, { status: "active" })).toMatchObject({ status: 409, json: { code: "conflict" } });
	});
});

describe("PATCH /api/admin/users/{id} changes nothing and says what is wrong", () => {
	const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
	test.each([
		[{}, "role"],
		[{ role: "king" }, "role"],
		[{ role: null }, "role"],
		[{ role: "support", status: "active" }, "status"],
		[{ role: "support", reason: "Promotion" }, "reason"],
		[{ name: "Mallory" }, "name"],
		[{ status: "suspended" }, "reason"],
		[{ status: "suspended", reason: "" }, "reason"],
		[{ status: "suspended", reason: "a\u0000b" }, "reason"],
		[{ status: "suspended", reason: "x".repeat(501) }, "reason"],
		[{ status: "suspended", reason: "Because", until: "2020-01-01T00:00:00Z" }, "until"],
		[{ status: "suspended", reason: "Because", until: "tomorrow" }, "until"],
		[{ status: "suspended", reason: "Because", until: 4_102_444_800_000 }, "until"],
		[{ status: "suspended", reason: "Because", until: tomorrow, by: "x" }, "by"],
		[{ status: "active", reason: "Because" }, "reason"],
		[{ status: "deleted" }, "status"],
	])("with %j", async (body, field) => {
		const { status, json } = await patch(owner, alice, body);
		expect({ status, code: json.code }).toEqual({ status: 400, code: "invalid" });
		expect(Object.keys(json.errors)).toContain(field);
		expect((await get(owner, alice)).json).toMatchObject({ role: "user", status: "active" });
	});
});

describe("DELETE /api/admin/users/{id}/sessions", () => {
	const endSessions = (as: TestSession, { id }: { id: string }) =>
		ask(as, END_SESSIONS, `/${id}/sessions`, id, { method: "DELETE" });

	test("ends every session of the person, and says how many", async () => {
		const bob = await createUser();
		const devices = [await sessionOf(bob), await sessionOf(bob)] as const;
		expect(await endSessions(support, bob)).toEqual({ status: 200, json: { ended: 2 } });
		for (const device of devices) expect(await isSignedIn(device)).toBe(false);
		expect(await endSessions(support, bob)).toEqual({ status: 200, json: { ended: 0 } });
	});

	test("is refused for an equal or higher rank and for oneself, and ends nothing", async () => {
		for (const session of [support, admin, owner]) {
			expect((await endSessions(support, session.user)).status).toBe(403);
			expect(await isSignedIn(session)).toBe(true);
		}
		expect((await endSessions(support, { id: NOBODY })).status).toBe(404);
	});
});

describe("off-boarding", () => {
	const path = ({ id }: { id: string }) => `/${id}/offboarding`;
	const preview = (as: TestSession, person: { id: string }) => ask(as, offboarding.GET, path(person), person.id);
	const offboard = (as: TestSession, person: { id: string }, body: unknown = { reason: "Left the company" }) =>
		ask(as, offboarding.POST, path(person), person.id, { method: "POST", body });

	test("does what its preview says", async () => {
		const bob = await createUser({ role: "support" });
		const device = await sessionOf(bob);
		const report = { status: 200, json: { sessions: 1, impersonationsOpened: 0, impersonationsOf: 0 } };
		expect(await preview(admin, bob)).toEqual(report);
		expect(await isSignedIn(device)).toBe(true);
		expect(await offboard(admin, bob)).toEqual(report);
		expect(await isSignedIn(device)).toBe(false);
		expect((await get(admin, bob)).json).toMatchObject({
			status: "suspended",
			suspension: { until: null, reason: "Left the company", offboarding: report.json },
		});
	});

	test("is refused without a reason, for an equal rank, for the last owner and for nobody", async () => {
		expect((await offboard(admin, alice, {})).json).toMatchObject({
			status: 400,
			errors: { reason: expect.anything() },
		});
		expect((await offboard(admin, await createUser({ role: "admin" }))).status).toBe(403);
		expect((await offboard(admin, owner.user)).status).toBe(403);
		expect((await offboard(admin, { id: NOBODY })).status).toBe(404);
		expect((await preview(admin, { id: NOBODY })).status).toBe(404);
		expect(await isSignedIn(owner)).toBe(true);
	});
});
