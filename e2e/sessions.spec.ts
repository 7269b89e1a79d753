/** The session itself: its limits, its cookie, and what the person reads when it is over. */
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { sessionCookieName } from "@/lib/session/cookie";
import { expect, test } from "./fixtures";
import { cookieWith, createPerson, startImpersonation, startSessionOf, suspend } from "./people";
import { endOf, liveSessionsOf } from "./records";
import { request, secondAppUrl } from "./request";

const SEVEN_DAYS_AND_A_SECOND = sql`now() - interval '7 days 1 second'`;

test("a session ends after seven days without activity, and the person reads why", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	await db.update(sessions).set({ lastSeenAt: SEVEN_DAYS_AND_A_SECOND }).where(eq(sessions.id, alice.sessionId));
	await alice.page.goto("/settings/profile");
	await expect(alice.page).toHaveURL(/\/sign-in\?next=%2Fsettings%2Fprofile$/);
	await expect(alice.page.getByRole("status")).toContainText("You were signed out after 7 days without activity.");
	expect(await endOf(alice.sessionId)).toMatchObject({ reason: "idle", firstRefusedPath: "/settings/profile" });
});

test("a session ends at its absolute limit, however active, and the person reads why", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	await db.update(sessions).set({ expiresAt: sql`now()` }).where(eq(sessions.id, alice.sessionId));
	await alice.page.goto("/dashboard");
	await expect(alice.page.getByRole("status")).toContainText("because your session reached its time limit");
	expect(await endOf(alice.sessionId)).toMatchObject({ reason: "expired" });
});

test("a session lives until its limits", async () => {
	const alice = await startSessionOf(await createPerson());
	await db
		.update(sessions)
		.set({ lastSeenAt: sql`now() - interval '6 days 23 hours'`, expiresAt: sql`now() + interval '1 minute'` })
		.where(eq(sessions.id, alice.sessionId));
	expect((await request("/dashboard", { as: alice })).status).toBe(200);
});

test("being seen is noted at most once a minute", async () => {
	const alice = await startSessionOf(await createPerson());
	const lastSeen = async () =>
		(await db.select({ at: sessions.lastSeenAt }).from(sessions).where(eq(sessions.id, alice.sessionId)))[0]?.at;
	const before = await lastSeen();
	await request("/dashboard", { as: alice });
	expect(await lastSeen()).toEqual(before);

	await db
		.update(sessions)
		.set({ lastSeenAt: sql`now() - interval '61 seconds'` })
		.where(eq(sessions.id, alice.sessionId));
	await request("/dashboard", { as: alice });
	await expect.poll(async () => (await lastSeen())?.getTime()).toBeGreaterThan(before?.getTime() ?? 0);
});

test("a suspended person's session opens nothing, even while its row is still there", async () => {
	const alice = await startSessionOf(await createPerson());
	await suspend(alice.user);
	expect((await request("/dashboard", { as: alice })).status).toBe(307);
	expect((await request("/api/session", { as: alice })).status).toBe(401);
});

test("a cookie that is malformed, cut, changed, foreign or doubled means signed out, and never an error", async () => {
	const name = sessionCookieName();
	const alice = await startSessionOf(await createPerson());
	const bob = await startSessionOf(await createPerson());
	const seal = alice.cookie.slice(name.length + 1);
	// iron-session's version mark at the end is not part of the sealed text.
	const [sealed = ""] = seal.split("~");
	const flipped = (at: number) => sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
	const values = [
		"",
		"x",
		"null",
		"%00",
		"%E0%A4%A",
		'"',
		"{}",
		"a".repeat(3_500),
		alice.tokens.token,
		sealed.slice(0, -1),
		sealed.slice(1),
		sealed.slice(0, sealed.length / 2),
		`${sealed}x`,
		...Array.from({ length: 12 }, (_, index) => flipped(Math.floor((sealed.length * index) / 12))),
		`${seal}; ${bob.cookie}`,
		`${seal}; ${alice.cookie}`,
		`x; ${alice.cookie}`,
	];
	for (const value of values) {
		for (const [path, status] of [["/dashboard", 307] as const, ["/api/session", 401] as const]) {
			const answer = await request(path, { as: { cookie: `${name}=${value}` } });
			expect(answer.status, `${path} with ${value.slice(0, 60)}`).toBe(status);
		}
		expect((await request("/sign-in", { as: { cookie: `${name}=${value}` } })).status).toBe(200);
	}
	expect((await request("/dashboard", { as: alice })).status).toBe(200);
});

test("the cookie of another app, and other cookies around ours, change nothing", async () => {
	const alice = await startSessionOf(await createPerson());
	const around = { cookie: `theme=dark; ${alice.cookie}; __Host-session=other; session=other` };
	expect((await request("/dashboard", { as: around })).status).toBe(200);
});

test("an impersonation without the admin's own token opens nothing", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await createPerson();
	const impersonation = await startImpersonation(alice, admin);
	expect((await request("/dashboard", { as: impersonation })).status).toBe(200);
	const bare = { cookie: await cookieWith({ token: impersonation.tokens.token }) };
	expect((await request("/dashboard", { as: bare })).status).toBe(307);
});

test("a session is good on every instance, and over on every instance", async () => {
	const alice = await startSessionOf(await createPerson());
	expect((await request("/dashboard", { as: alice, on: secondAppUrl() })).status).toBe(200);
	expect((await request("/sign-out", { as: alice, method: "POST" })).status).toBe(303);
	expect(await liveSessionsOf(alice.user)).toEqual([]);
	expect((await request("/dashboard", { as: alice, on: secondAppUrl() })).status).toBe(307);
});

test("the reason for an end is told to the holder of the cookie and to nobody else", async ({ page }) => {
	for (const query of ["reason=forced", "message=You+were+signed+out", "ended=forced", "status=forced"]) {
		await page.goto(`/sign-in?${query}`);
		await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
		await expect(page.getByText("signed out")).toHaveCount(0);
	}
});
