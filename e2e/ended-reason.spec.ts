/** Why a session ended is told to the browser that held it, and to nobody else. */
import { expect, test } from "./fixtures";
import { cookieWith, createPerson, type SignedIn, startImpersonation, startSessionOf } from "./people";
import { appWithoutProxyUrl, request, secondAppUrl } from "./request";

const ANY_REASON = /You were signed out/;
const SUSPENDED = "You were signed out because your account was suspended.";

/** The session of somebody who was just suspended. */
async function suspended(): Promise<SignedIn> {
	const session = await startSessionOf(await createPerson());
	const owner = await startSessionOf(await createPerson({ role: "owner" }));
	const headers = { "Content-Type": "application/json" };
	const body = JSON.stringify({ status: "suspended", reason: "A secret investigation" });
	await request(`/api/admin/users/${session.user.id}`, { as: owner, method: "PATCH", headers, body });
	return session;
}

const signInPage = async (as: Pick<SignedIn, "cookie"> | null, query = "", on = secondAppUrl()) =>
	(await request(`/sign-in${query}`, { as, on })).text();

test("the browser whose session ended is told why, but not in whose words", async () => {
	const alice = await suspended();
	const page = await signInPage(alice);
	expect(page).toContain(SUSPENDED);
	expect(page).not.toContain("A secret investigation");
	expect(page).not.toContain(alice.user.email);
	expect(page).not.toContain(alice.user.name);
});

test("a visitor is told nothing, whatever the address says", async () => {
	const alice = await suspended();
	for (const on of [secondAppUrl(), appWithoutProxyUrl()]) {
		for (const query of [
			"",
			"?reason=suspended",
			"?ended=suspended",
			`?session=${alice.sessionId}`,
			`?sessionId=${alice.sessionId}&userId=${alice.user.id}`,
			`?token=${alice.tokens.token}`,
			`?next=${encodeURIComponent(`/dashboard?reason=suspended&session=${alice.sessionId}`)}`,
			`?email=${alice.user.email}`,
		]) {
			expect(await signInPage(null, query, on), query).not.toMatch(ANY_REASON);
		}
	}
});

test("somebody else's cookie tells somebody else's reason, also when it is sent along with hers", async () => {
	const alice = await suspended();
	const bob = await startSessionOf(await createPerson());
	await request("/sign-out", { as: bob, method: "POST" });
	const page = await signInPage(bob, `?session=${alice.sessionId}&token=${alice.tokens.token}`);
	expect(page).toContain("You were signed out.");
	expect(page).not.toContain("suspended");
	expect(await signInPage({ cookie: `${bob.cookie}; ${alice.cookie}` })).not.toMatch(ANY_REASON);
});

test("a token without our seal, or another one under it, tells nothing", async () => {
	const alice = await suspended();
	const [name, seal] = alice.cookie.split("=") as [string, string];
	const forged = [alice.tokens.token, alice.sessionId, JSON.stringify(alice.tokens), seal.slice(0, -9)];
	for (const value of forged) expect(await signInPage({ cookie: `${name}=${value}` })).not.toMatch(ANY_REASON);
	expect(await signInPage({ cookie: await cookieWith({ token: alice.sessionId }) })).not.toMatch(ANY_REASON);
});

test("an admin who impersonated somebody is told why that ended, and not why the person's own session did", async () => {
	const [alice, admin] = [await startSessionOf(await createPerson()), await createPerson({ role: "admin" })];
	const parent = await startSessionOf(admin);
	const impersonation = await startImpersonation(alice.user, parent);
	await request("/sign-out", { as: alice, method: "POST" });
	expect((await request("/dashboard", { as: impersonation })).status).toBe(200);
	await request("/impersonation/stop", { as: impersonation, method: "POST" });
	expect(await signInPage(impersonation)).toContain("because the impersonation was stopped");
});

test("no other answer says why: neither the JSON, nor the refusal of a page, nor its redirect", async () => {
	const alice = await suspended();
	for (const path of ["/api/session", "/api/session/feed", "/dashboard", "/admin/users", "/api/admin/users"]) {
		for (const on of [secondAppUrl(), appWithoutProxyUrl()]) {
			const answer = await request(path, { as: alice, on });
			const all = `${JSON.stringify([...answer.headers])} ${await answer.text()}`;
			expect(all, path).not.toMatch(/suspend|was signed out|were signed out/i);
		}
	}
});
