/** Limits that a session runs into: of time, of number, and of one browser. */
import type { Page } from "@playwright/test";
import { eq, inArray, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { environment } from "@/lib/environment";
import { recordAction, replay } from "./actions";
import { expect, test } from "./fixtures";
import { createPerson, giveCookie, PASSWORD, startSessionOf } from "./people";
import { endOf, liveSessionsOf } from "./records";
import { appUrl, appWithoutProxyUrl, request, secondAppUrl } from "./request";

/** Enough for a page to open on a busy machine. */
const SECONDS_LEFT = 12;

test("an open tab leaves by itself when its session reaches its time limit", async ({ signedInAs }) => {
	const { page, sessionId } = await signedInAs("user");
	const expiresAt = sql`now() + make_interval(secs => ${SECONDS_LEFT})`;
	await db.update(sessions).set({ expiresAt }).where(eq(sessions.id, sessionId));
	await page.goto("/dashboard");
	await expect(page.getByRole("heading", { level: 1 })).toContainText("Welcome");
	await expect(page.getByRole("main").getByRole("status")).toHaveText(
		"You were signed out because your session reached its time limit.",
		{ timeout: 30_000 },
	);
	expect(await endOf(sessionId)).toMatchObject({ reason: "expired", endedById: null });
});

test("what an open tab asks by itself keeps no session from becoming idle; what its person asks for does", async () => {
	const tab = await startSessionOf(await createPerson());
	const person = await startSessionOf(await createPerson());
	for (const on of [appUrl(), appWithoutProxyUrl()]) {
		const before = new Date(Date.now() - 3_600_000);
		await db
			.update(sessions)
			.set({ lastSeenAt: before })
			.where(inArray(sessions.id, [tab.sessionId, person.sessionId]));
		for (const path of ["/api/session", "/api/session/feed"]) {
			const answer = await request(path, { as: tab, on });
			expect(answer.status).toBe(200);
			await answer.body?.cancel();
		}
		expect((await request("/dashboard", { as: person, on })).status).toBe(200);
		await expect.poll(() => lastSeenAt(person.sessionId)).not.toEqual(before);
		expect(await lastSeenAt(tab.sessionId)).toEqual(before);
	}
});

test("a tab that was left alone for too long leaves as soon as somebody looks at it", async ({ signedInAs }) => {
	const { page, sessionId } = await signedInAs("user");
	await page.goto("/dashboard");
	await expect(page.getByRole("heading", { level: 1 })).toContainText("Welcome");
	const lastSeenAt = sql`now() - make_interval(secs => ${environment().SESSION_IDLE_SECONDS})`;
	await db.update(sessions).set({ lastSeenAt }).where(eq(sessions.id, sessionId));
	await page.evaluate(() => window.dispatchEvent(new Event("focus")));
	await expect(page.getByRole("main").getByRole("status")).toHaveText(
		"You were signed out after 7 days without activity.",
	);
	expect(await endOf(sessionId)).toMatchObject({ reason: "idle", endedById: null });
});

test("whoever signs in anew in the same browser replaces its session, and no tab shows the other person", async ({
	browserFor,
}) => {
	const [alice, bob] = [await startSessionOf(await createPerson()), await createPerson({ password: PASSWORD })];
	const form = await browserFor(null);
	await form.goto("/sign-in");
	await giveCookie(form.context(), alice.cookie);
	const tab = await form.context().newPage();
	await tab.goto("/dashboard");
	await expect(tab.getByRole("heading", { level: 1 })).toHaveText(`Welcome, ${alice.user.name}`);

	await form.bringToFront();
	await fillIn(form, bob.email);
	await form.getByRole("button", { name: "Sign in" }).click();
	await expect(form.getByRole("heading", { level: 1 })).toHaveText(`Welcome, ${bob.name}`);
	await expect(tab.getByText(alice.user.name)).toHaveCount(0);
	await tab.goto("/dashboard");
	await expect(tab.getByRole("heading", { level: 1 })).toHaveText(`Welcome, ${bob.name}`);
	expect(await endOf(alice.sessionId)).toMatchObject({ reason: "replaced", endedById: bob.id });
	expect(await liveSessionsOf(alice.user)).toEqual([]);
	expect(await liveSessionsOf(bob)).toHaveLength(1);
});

test("nobody has more sessions than the limit, however many sign in at once and wherever", async ({ browserFor }) => {
	const alice = await createPerson({ password: PASSWORD });
	const before: string[] = [];
	for (let count = 0; count < environment().SESSIONS_PER_USER; count++) {
		before.push((await startSessionOf(alice)).sessionId);
	}
	const page = await browserFor(null);
	const signIn = await recordAction(page, async () => {
		await page.goto("/sign-in");
		await fillIn(page, alice.email);
		await page.getByRole("button", { name: "Sign in" }).click();
	});
	const instances = [appUrl(), secondAppUrl(), appUrl(), secondAppUrl(), appUrl(), secondAppUrl()];
	await Promise.all(instances.map((on) => replay(signIn, { as: null, on })));

	const live = await liveSessionsOf(alice);
	expect(live).toHaveLength(environment().SESSIONS_PER_USER);
	expect(live.filter((id) => !before.includes(id))).toHaveLength(instances.length);
	for (const id of before.slice(0, instances.length)) expect((await endOf(id))?.reason).toBe("limit_reached");
});

async function fillIn(page: Page, email: string): Promise<void> {
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
}

async function lastSeenAt(sessionId: string): Promise<Date | undefined> {
	const [row] = await db.select({ at: sessions.lastSeenAt }).from(sessions).where(eq(sessions.id, sessionId));
	return row?.at;
}
