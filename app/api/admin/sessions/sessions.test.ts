import { beforeEach, describe, expect, test } from "vitest";
import type { Endpoint } from "@/lib/api/endpoint";
import { createUser, impersonationOf, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { GET as SESSION } from "../../session/route";
import { GET as AUDIT } from "../audit/route";
import { GET as LIST_ENDED } from "../ended-sessions/route";
import { POST as FORCE_LOGOUT } from "../force-logouts/route";
import { DELETE } from "./[id]/route";
import { GET as LIST } from "./route";

const NOTHING = "00000000-0000-7000-8000-000000000000";

let support: TestSession;
let admin: TestSession;
let owner: TestSession;

beforeEach(async () => {
	support = await sessionOf(await createUser({ role: "support", name: "Sofía" }));
	admin = await sessionOf(await createUser({ role: "admin", name: "Amir" }));
	owner = await sessionOf(await createUser({ role: "owner", name: "Olivia" }));
});

async function ask(
	as: TestSession,
	endpoint: Endpoint,
	path: string,
	options: Parameters<typeof requestAs>[2] = {},
	params = {},
) {
	const response = await call(endpoint, requestAs(as, `/api/admin/${path}`, options), params);
	const text = await response.text();
	expect(text).not.toMatch(/hash|token/i);
	return { status: response.status, ...(text && { json: JSON.parse(text) }) };
}
const end = (as: TestSession, id: string) => ask(as, DELETE, `sessions/${id}`, { method: "DELETE" }, { id });
const endMany = (as: TestSession, body: unknown) => ask(as, FORCE_LOGOUT, "force-logouts", { method: "POST", body });
const ids = ({ json }: { json?: { data: { id: string }[] } }) => json?.data.map(({ id }) => id);
const isSignedIn = async (session: TestSession) =>
	(await call(SESSION, requestAs(session, "/api/session"))).status === 200;
const alice = async () => sessionOf(await createUser());

describe("DELETE /api/admin/sessions/{id}", () => {
	test("ends that session and no other, and tells the list, the history and the log", async () => {
		const person = await createUser({ name: "Alice" });
		const phone = await sessionOf(person, { ip: "203.0.113.7" });
		const laptop = await sessionOf(person);
		expect(await end(support, phone.id)).toEqual({ status: 204 });
		expect(await isSignedIn(phone)).toBe(false);
		expect(await isSignedIn(laptop)).toBe(true);

		expect(ids(await ask(support, LIST, `sessions?userId=${person.id}`))).toEqual([laptop.id]);
		const ended = await ask(support, LIST_ENDED, `ended-sessions?userId=${person.id}`);
		expect(ended.json.data).toMatchObject([
			{ id: phone.id, reason: "forced", endedBy: { name: "Sofía" }, ip: "203.0.113.7", refused: null },
		]);
		const log = await ask(support, AUDIT, `audit?person=${person.id}&what=session.forced_out`);
		expect(log.json.data).toMatchObject([{ actor: { id: support.user.id }, target: { id: person.id } }]);
	});

	test("is 404 when there is none to end: unknown, ended already, one's own, or out of reach", async () => {
		const gone = await alice();
		await end(support, gone.id);
		for (const id of [NOTHING, gone.id, support.id, admin.id, owner.id]) {
			expect(await end(support, id)).toMatchObject({ status: 404, json: { code: "not-found" } });
		}
		for (const session of [support, admin, owner]) expect(await isSignedIn(session)).toBe(true);
	});

	test("ends the impersonations that hang from the session", async () => {
		const parent = await sessionOf(admin.user);
		const impersonation = await impersonationOf(await createUser(), parent);
		expect((await end(owner, parent.id)).status).toBe(204);
		expect(await isSignedIn(impersonation)).toBe(false);
		expect(await isSignedIn(admin)).toBe(true);
	});
});

describe("GET /api/admin/sessions", () => {
	test("gives each session with all that its contract names", async () => {
		const person = await createUser({ name: "Alice" });
		const session = await sessionOf(person, { ip: "2001:db8::7" });
		const { json } = await ask(support, LIST, `sessions?ip=${encodeURIComponent("2001:db8::/32")}`);
		expect(json).toEqual({
			data: [
				{
					id: session.id,
					user: person,
					browser: "Chrome",
					operatingSystem: "Linux",
					appDevice: null,
					ip: "2001:db8::7",
					authenticatedWith: "password",
					createdAt: session.createdAt.toISOString(),
					lastSeenAt: session.lastSeenAt.toISOString(),
					expiresAt: session.expiresAt.toISOString(),
					impersonation: null,
				},
			],
			next: null,
		});
	});

	test("says who impersonates, and why", async () => {
		const impersonation = await impersonationOf(await createUser(), admin);
		const { json } = await ask(support, LIST, "sessions?impersonations=true");
		expect(json.data).toMatchObject([
			{ id: impersonation.id, impersonation: { by: { id: admin.user.id, name: "Amir" }, reason: "A test" } },
		]);
	});

	test.each([
		"cursor=x",
		"ip=1.2.3.4.5",
		"ip=10.0.0.0/33",
		"userId=1",
		"role=king",
		"olderThan=yesterday",
		"browser=%00",
		"limit=5",
	])("refuses ?%s", async (query) => {
		expect(await ask(support, LIST, `sessions?${query}`)).toMatchObject({ status: 400, json: { code: "invalid" } });
	});
});

describe.each([
	["ended-sessions", LIST_ENDED],
	["audit", AUDIT],
] as const)("GET /api/admin/%s", (path, endpoint) => {
	test.each(["cursor=x", "cursor=e30", "limit=5", "q=a&q=b", "by=%00", "what=nothing"])(
		"refuses ?%s",
		async (query) => {
			expect(await ask(support, endpoint, `${path}?${query}`)).toMatchObject({
				status: 400,
				json: { code: "invalid" },
			});
		},
	);
});

describe("POST /api/admin/force-logouts", () => {
	test("ends the sessions named, and leaves those alone that are out of reach", async () => {
		const [one, two, three] = [await alice(), await alice(), await alice()];
		const sessions = [one.id, two.id, admin.id, NOTHING];
		expect(await endMany(support, { sessions })).toEqual({ status: 200, json: { ended: 2 } });
		expect(await Promise.all([one, two, three, admin].map(isSignedIn))).toEqual([false, false, true, true]);
		expect((await endMany(support, { sessions })).status).toBe(404);
	});

	test("ends all that match a filter, and leaves those alone that are out of reach", async () => {
		const there = [
			await sessionOf(await createUser(), { ip: "198.51.100.1" }),
			await sessionOf(await createUser(), { ip: "198.51.100.2" }),
		];
		const elsewhere = await alice();
		const boss = await sessionOf(await createUser({ role: "admin" }), { ip: "198.51.100.3" });
		expect(await endMany(support, { matching: { ip: "198.51.100.0/24" } })).toEqual({
			status: 200,
			json: { ended: 2 },
		});
		expect(await Promise.all([...there, elsewhere, boss].map(isSignedIn))).toEqual([false, false, true, true]);
	});

	test("signs everyone out for an owner, except the session that asks", async () => {
		const session = await alice();
		const other = await sessionOf(owner.user);
		const asking = await sessionOf(owner.user);
		expect((await endMany(asking, { everyone: true })).status).toBe(200);
		const survivors = await Promise.all([session, other, owner, admin, support, asking].map(isSignedIn));
		expect(survivors).toEqual([false, false, false, false, false, true]);
	});

	test("does not sign everyone out for anyone else, or without a fresh proof", async () => {
		const stale = await sessionOf(owner.user);
		await letProofAge(stale);
		expect(await endMany(support, { everyone: true })).toMatchObject({ status: 403, json: { code: "forbidden" } });
		expect(await endMany(admin, { everyone: true })).toMatchObject({ status: 403, json: { code: "forbidden" } });
		expect(await endMany(stale, { everyone: true })).toMatchObject({ status: 403, json: { code: "proof-required" } });
		expect(await isSignedIn(support)).toBe(true);
	});

	test.each([
		{},
		{ sessions: [] },
		{ sessions: "all" },
		{ sessions: ["1"] },
		{ sessions: Array.from({ length: 1_001 }, () => NOTHING) },
		{ matching: {} },
		{ matching: { q: "" } },
		{ matching: { ip: "everywhere" } },
		{ matching: { cursor: "x" } },
		{ everyone: false },
		{ everyone: true, sessions: [NOTHING] },
	])("ends nothing with %j", async (body) => {
		const session = await alice();
		expect(await endMany(owner, body)).toMatchObject({ status: 400, json: { code: "invalid" } });
		expect(await isSignedIn(session)).toBe(true);
	});
});
