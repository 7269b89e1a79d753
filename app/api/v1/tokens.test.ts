/** What holds of access tokens when their session ends: none is given, the strict level refuses at once. */
import { describe, expect, test } from "vitest";
import { GET as READ_PERSON } from "@/app/api/admin/users/[id]/route";
import { OPTIONS, POST } from "@/app/api/token/route";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { changeRole } from "@/lib/admin/roles";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { GET, PATCH } from "./me/route";

const ask = (session: TestSession | null, headers = {}) =>
	call(POST, requestAs(session, "/api/token", { method: "POST", headers }));
const tokenOf = async (session: TestSession): Promise<string> => (await (await ask(session)).json()).access_token;
const withToken = (token: string | null, method = "GET", body?: unknown) =>
	call(
		method === "GET" ? GET : PATCH,
		requestAs(null, "/api/v1/me", { method, body, headers: token ? { authorization: `Bearer ${token}` } : {} }),
	);

describe("POST /api/token", () => {
	test("gives a live session a token that nobody may keep", async () => {
		const response = await ask(await sessionOf(await createUser()));
		expect(await response.json()).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 300 });
		expect(response.headers.get("cache-control")).toBe("private, no-store");
	});

	test("gives none once the session has ended, nor to a visitor, nor while impersonating", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const alice = await sessionOf(await createUser());
		const impersonation = await impersonationOf(alice.user, owner);
		expect((await ask(impersonation)).status).toBe(403);
		await forceLogoutEverywhere(owner, alice.user.id);
		for (const nobody of [alice, null]) expect((await ask(nobody)).status).toBe(401);
	});

	test("answers pages of our own origins, and gives no other site anything", async () => {
		const alice = await sessionOf(await createUser());
		const own = await ask(alice);
		expect(own.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
		const foreign = await ask(alice, { origin: "https://evil.example" });
		expect(foreign.status).toBe(403);
		expect(foreign.headers.has("access-control-allow-origin")).toBe(false);
		const preflight = await call(OPTIONS, requestAs(null, "/api/token", { headers: { origin: "null" } }));
		expect(preflight.headers.has("access-control-allow-methods")).toBe(false);
	});
});

describe("an access token after a forced logout", () => {
	test("is refused at once where the session is looked up, and changes nothing", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const alice = await sessionOf(await createUser({ name: "Alice" }));
		const token = await tokenOf(alice);
		expect((await withToken(token, "PATCH", { name: "Alice B." })).status).toBe(204);
		await forceLogoutEverywhere(owner, alice.user.id);
		const response = await withToken(token, "PATCH", { name: "Alice C." });
		expect(await response.json()).toMatchObject({ status: 401, code: "session-ended" });
		const { id } = alice.user;
		const person = await call(READ_PERSON, requestAs(owner, `/api/admin/users/${id}`), { id });
		expect(await person.json()).toMatchObject({ name: "Alice B." });
	});

	test("is believed until it expires where only its key is asked", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const alice = await sessionOf(await createUser());
		const token = await tokenOf(alice);
		await forceLogoutEverywhere(owner, alice.user.id);
		expect(await (await withToken(token)).json()).toEqual({
			userId: alice.user.id,
			sessionId: alice.id,
			role: "user",
		});
	});

	test("has the role of the live row where the session is looked up, not the one that it was signed with", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const sam = await sessionOf(await createUser({ role: "support" }));
		const token = await tokenOf(sam);
		await changeRole(owner, sam.user.id, "user");
		expect(await (await withToken(token)).json()).toMatchObject({ role: "support" });
		expect((await withToken(token, "PATCH", { name: "Sam" })).status).toBe(204);
	});
});

describe("without a good token", () => {
	test.each([null, "", "a.b.c", "not a token"])("%j is nobody, at both levels", async (token) => {
		for (const response of [await withToken(token), await withToken(token, "PATCH", { name: "X" })]) {
			expect(await response.json()).toMatchObject({ status: 401, code: "invalid-token" });
		}
	});

	test("the session cookie is nobody either", async () => {
		const alice = await sessionOf(await createUser());
		expect((await call(GET, requestAs(alice, "/api/v1/me"))).status).toBe(401);
	});
});
