import { describe, expect, test, vi } from "vitest";
import { POST as IMPERSONATE } from "@/app/api/admin/users/[id]/impersonation/route";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { tokensFromCookieHeader } from "@/lib/session/cookie";
import { createUser, impersonationOf, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { GET as WATCH } from "./feed/route";
import { DELETE as STOP } from "./impersonation/route";
import { POST as PROVE } from "./proof/route";
import { GET } from "./route";

const whoAmI = async (session: TestSession | null) => (await call(GET, requestAs(session, "/api/session"))).json();

/** The session that the response puts into the browser. */
async function following(response: Response, before: TestSession): Promise<TestSession> {
	const cookies = response.headers.getSetCookie();
	expect(cookies).toHaveLength(1);
	expect(cookies[0]).toMatch(/^__Host-session-3000=.+; Path=\/; .*Secure; HttpOnly; SameSite=lax$/i);
	const tokens = await tokensFromCookieHeader(cookies[0]?.split(";")[0] ?? "");
	if (!tokens) throw new Error("the cookie does not open");
	return { ...before, tokens };
}

describe("GET /api/session", () => {
	test("tells who is signed in, and nothing that would let anyone else be", async () => {
		const alice = await createUser({ name: "Alice", email: "alice@example.com", password: "three unrelated words" });
		const session = await sessionOf(alice);
		expect(await whoAmI(session)).toEqual({
			session: {
				id: session.id,
				createdAt: session.createdAt.toISOString(),
				lastSeenAt: session.lastSeenAt.toISOString(),
				expiresAt: session.expiresAt.toISOString(),
			},
			user: { id: alice.id, name: "Alice", email: "alice@example.com", role: "user" },
			impersonator: null,
		});
	});

	test("names the admin behind an impersonation", async () => {
		const admin = await sessionOf(await createUser({ role: "admin", name: "Amir" }));
		const alice = await createUser();
		expect(await whoAmI(await impersonationOf(alice, admin))).toMatchObject({
			user: { id: alice.id },
			impersonator: { id: admin.user.id, name: "Amir" },
		});
	});

	test("is 401 on the very next request after a forced logout, and stays 200 for others", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const alice = await sessionOf(await createUser());
		const bob = await sessionOf(await createUser());
		await forceLogoutEverywhere(owner, alice.user.id);
		expect(await whoAmI(alice)).toMatchObject({ status: 401, code: "session-ended" });
		expect(await whoAmI(bob)).toMatchObject({ user: { id: bob.user.id } });
	});
});

describe("impersonation", () => {
	const impersonate = (admin: TestSession, id: string, body: unknown = { reason: "Ticket 7" }) =>
		call(IMPERSONATE, requestAs(admin, `/api/admin/users/${id}/impersonation`, { method: "POST", body }), { id });
	const stop = (session: TestSession | null) =>
		call(STOP, requestAs(session, "/api/session/impersonation", { method: "DELETE" }));

	test("begins with a 201 that describes it and a cookie that is it, and ends with the admin's own session", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const alice = await createUser();
		const begun = await impersonate(admin, alice.id);
		expect(begun.status).toBe(201);
		const described = await begun.json();
		expect(described).toMatchObject({ user: { id: alice.id }, impersonator: { id: admin.user.id } });

		const impersonation = await following(begun, admin);
		expect(await whoAmI(impersonation)).toEqual(described);
		const stopped = await stop(impersonation);
		expect(stopped.status).toBe(204);
		expect(await whoAmI(await following(stopped, impersonation))).toMatchObject({ session: { id: admin.id } });
		expect(await whoAmI(impersonation)).toMatchObject({ status: 401 });
	});

	test("that was ended from elsewhere still leads back to the admin's own session", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const alice = await createUser();
		const impersonation = await impersonationOf(alice, admin);
		await forceLogoutEverywhere(await sessionOf(await createUser({ role: "owner" })), alice.id);
		expect(await whoAmI(impersonation)).toMatchObject({ status: 401 });
		expect(await whoAmI(await following(await stop(impersonation), impersonation))).toMatchObject({
			session: { id: admin.id },
		});
	});

	test.each(["admin", "owner"] as const)("of someone with the role %s is refused to an admin", async (role) => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const response = await impersonate(admin, (await createUser({ role })).id);
		expect(response.status).toBe(403);
		expect(response.headers.getSetCookie()).toEqual([]);
	});

	test("needs a reason, and nothing but a reason", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const { id } = await createUser();
		expect(await (await impersonate(admin, id, { reason: "  " })).json()).toMatchObject({
			status: 400,
			errors: { reason: ["Give a reason."] },
		});
		const twoFields = await impersonate(admin, id, { reason: "Ticket 7", hours: 8 });
		expect(await twoFields.json()).toMatchObject({ status: 400, errors: { hours: [expect.any(String)] } });
	});

	test("of nobody cannot be stopped", async () => {
		expect((await stop(null)).status).toBe(401);
		const response = await stop(await sessionOf(await createUser()));
		expect(response.status).toBe(409);
		expect(response.headers.getSetCookie()).toEqual([]);
	});
});

describe("POST /api/session/proof", () => {
	const PASSWORD = "three unrelated words";
	const prove = (session: TestSession, body: unknown) =>
		call(PROVE, requestAs(session, "/api/session/proof", { method: "POST", body }));

	test("lets an admin go on who has not given the password for long, in a cookie that replaces the old one", async () => {
		const admin = await sessionOf(await createUser({ role: "admin", password: PASSWORD }));
		const { id } = await createUser();
		const impersonate = (session: TestSession) => {
			const path = `/api/admin/users/${id}/impersonation`;
			return call(IMPERSONATE, requestAs(session, path, { method: "POST", body: { reason: "Ticket 7" } }), { id });
		};
		await letProofAge(admin);
		expect(await (await impersonate(admin)).json()).toMatchObject({ status: 403, code: "proof-required" });

		const proven = await following(await prove(admin, { password: PASSWORD }), admin);
		expect((await impersonate(proven)).status).toBe(201);
		expect(await whoAmI(admin)).toMatchObject({ status: 401 });
	});

	test("says in the header, too, how long to wait after too many wrong passwords", async () => {
		const session = await sessionOf(await createUser({ password: PASSWORD }), { ip: "192.0.2.99" });
		// Handlers ask for the address that the server stamps on each request.
		const guess = () => {
			const headers = { "x-client-address": "192.0.2.99" };
			const request = requestAs(session, "/api/session/proof", { method: "POST", body: { password: "no" }, headers });
			return call(PROVE, request);
		};
		const answers = await Promise.all(Array.from({ length: 12 }, guess));
		const refused = answers.filter(({ status }) => status === 429);
		expect(refused).toHaveLength(2);
		for (const { headers } of refused) expect(Number(headers.get("retry-after"))).toBeGreaterThan(800);
	});

	test("refuses a wrong password and repeats nothing of it", async () => {
		const session = await sessionOf(await createUser({ password: PASSWORD }));
		const response = await prove(session, { password: "not my password" });
		expect(response.headers.getSetCookie()).toEqual([]);
		const problem = await response.json();
		expect(problem).toMatchObject({ status: 400, errors: { password: [expect.any(String)] } });
		expect(JSON.stringify(problem)).not.toContain("not my password");
	});
});

test("GET /api/session/feed says that the session ended, and closes", async () => {
	const owner = await sessionOf(await createUser({ role: "owner" }));
	const alice = await sessionOf(await createUser());
	const response = await call(WATCH, requestAs(alice, "/api/session/feed"));
	expect(response.headers.get("content-type")).toBe("text/event-stream");
	const text = response.text();
	await forceLogoutEverywhere(owner, alice.user.id);
	expect(await text).toContain("event: ended");
});

test("HEAD /api/session/feed is answered, and leaves nothing open", async () => {
	const cleared = vi.spyOn(globalThis, "clearInterval");
	const response = await call(
		WATCH,
		requestAs(await sessionOf(await createUser()), "/api/session/feed", { method: "HEAD" }),
	);
	expect(response.status).toBe(200);
	expect(response.headers.get("content-type")).toBe("text/event-stream");
	expect(response.body).toBeNull();
	expect(cleared, "the sign of life").toHaveBeenCalled();
	cleared.mockRestore();
});
