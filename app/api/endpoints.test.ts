/** No proxy stands before the endpoints here: what they refuse, they refuse by themselves. */
import { beforeAll, expect, test } from "vitest";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { allows, matrix, type Permission, type Role, roles } from "@/lib/permissions/matrix";
import { handlers } from "@/lib/permissions/surfaces";
import { isSafeMethod } from "@/lib/request/same-origin";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { endpoints } from "./endpoints";

const all = Object.entries(endpoints).flatMap(([route, methods]) =>
	Object.entries(methods).map(([method, endpoint]) => {
		const { permission } = endpoint.contract;
		return { name: `${method} ${route}`, route, method, endpoint, permission };
	}),
);
type Guarded = (typeof all)[number] & { permission: Permission };
/** Those that take the cookie; what takes an access token is tested in app/api/v1. */
const guarded = all.filter((one): one is Guarded => one.permission !== "public" && !one.endpoint.contract.token);

let sessions: Record<Role, TestSession>;
let impersonation: TestSession;
let ended: TestSession;

beforeAll(async () => {
	const entries = roles.map(async (role) => [role, await sessionOf(await createUser({ role }))] as const);
	sessions = Object.fromEntries(await Promise.all(entries)) as typeof sessions;
	const admin = await sessionOf(await createUser({ role: "admin" }));
	impersonation = await impersonationOf(await createUser({ role: "support" }), admin);
	ended = await sessionOf(await createUser({ role: "admin" }));
	await forceLogoutEverywhere(sessions.owner, ended.user.id);
});

/** Asks about a person who does not exist, so that nothing happens where the endpoint lets someone in. */
async function ask({ endpoint, method, route }: Guarded, session: TestSession | null, headers = {}) {
	const id = "00000000-0000-7000-8000-000000000000";
	const body = endpoint.contract.body ? {} : undefined;
	const request = requestAs(session, route.replace("[id]", id), { method, body, headers });
	const response = await call(endpoint, request, { id });
	const problem = response.headers.get("content-type") === "application/problem+json" ? await response.json() : null;
	if (!problem) await response.body?.cancel();
	return { status: response.status, code: problem?.code, cacheControl: response.headers.get("cache-control") };
}

test("every endpoint takes the permission under which it is listed", () => {
	const asked = Object.fromEntries(
		all.map(({ name, endpoint, permission }) => [name, endpoint.contract.token ? `token:${permission}` : permission]),
	);
	const listed = Object.entries(handlers)
		.filter(([name]) => name.includes(" /api/"))
		.map(([name, access]) => [name, access === "client" ? "public" : access]);
	expect(asked).toEqual(Object.fromEntries(listed));
});

test.each(guarded)("$name is refused to visitors and to ended sessions", async (one) => {
	const refused = { status: 401, code: "session-ended", cacheControl: "private, no-store" };
	expect(await ask(one, null)).toEqual(refused);
	expect(await ask(one, ended)).toEqual(refused);
});

test.each(guarded)("$name is refused to every role without $permission", async (one) => {
	for (const role of roles.filter((role) => !allows(role, one.permission))) {
		expect(await ask(one, sessions[role]), role).toMatchObject({ status: 403, code: "forbidden" });
	}
});

test.each(guarded)("$name is open to every role with $permission", async (one) => {
	for (const role of roles.filter((role) => allows(role, one.permission))) {
		const { status, cacheControl } = await ask(one, sessions[role]);
		// Refused or not for what was sent, but not for who sent it.
		expect([200, 204, 400, 404], role).toContain(status);
		expect(cacheControl).toMatch(/^private, no-store/);
	}
});

test.each(guarded.filter(({ permission }) => !matrix[permission].whileImpersonating))(
	"$name is refused while impersonating someone who may",
	async (one) => {
		expect(await ask(one, impersonation)).toMatchObject({ status: 403, code: "forbidden" });
	},
);

test.each(guarded.filter(({ method }) => !isSafeMethod(method)))("$name is refused to other sites", async (one) => {
	const answer = await ask(one, sessions.owner, { origin: "https://evil.example" });
	expect(answer).toMatchObject({ status: 403, code: "foreign-origin" });
});
