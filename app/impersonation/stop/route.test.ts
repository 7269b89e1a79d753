import { expect, test } from "vitest";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { sessionCookieName, tokensFromCookieHeader } from "@/lib/session/cookie";
import { findSession } from "@/lib/session/lookup";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { POST } from "./route";

const stop = (session: TestSession | null, headers?: Record<string, string>) =>
	call(POST, requestAs(session, "/impersonation/stop", { method: "POST", headers }));

async function impersonating() {
	const admin = await sessionOf(await createUser({ role: "admin" }));
	const target = await createUser();
	return { admin, target, impersonation: await impersonationOf(target, admin) };
}

/** The tokens in the cookie that the response sets, or null if it sets none. */
async function tokensSetBy(response: Response) {
	const cookie = response.headers.getSetCookie().find((line) => line.startsWith(sessionCookieName()));
	return cookie ? tokensFromCookieHeader(cookie.split(";")[0] ?? "") : null;
}

test("leads back to the person's page in the admin's own session", async () => {
	const { admin, target, impersonation } = await impersonating();
	const response = await stop(impersonation);
	expect([response.status, response.headers.get("location")]).toEqual([303, `/admin/users/${target.id}`]);
	expect(response.headers.get("cache-control")).toContain("no-store");
	expect(await tokensSetBy(response)).toEqual(admin.tokens);
	expect(await findSession(impersonation.tokens, impersonation.origin)).toBeNull();
});

test("does so as well when the impersonation is over already", async () => {
	const { admin, target, impersonation } = await impersonating();
	await forceLogoutEverywhere(admin, target.id);
	const response = await stop(impersonation);
	expect([response.status, response.headers.get("location")]).toEqual([303, `/admin/users/${target.id}`]);
	expect(await tokensSetBy(response)).toEqual(admin.tokens);
});

test("changes nothing for those who impersonate nobody", async () => {
	const alice = await sessionOf(await createUser());
	for (const session of [alice, null]) {
		const response = await stop(session);
		expect([response.status, response.headers.get("location")]).toEqual([303, "/dashboard"]);
		expect(await tokensSetBy(response)).toBeNull();
	}
	expect(await findSession(alice.tokens, alice.origin)).not.toBeNull();
});

test("is refused to other sites, and stops nothing", async () => {
	const { impersonation } = await impersonating();
	const response = await stop(impersonation, { origin: "https://elsewhere.example" });
	expect(response.status).toBe(403);
	expect(await findSession(impersonation.tokens, impersonation.origin)).not.toBeNull();
});
