/** The main job: an admin signs somebody out, and it holds on their very next request, wherever it goes. */
import type { Page } from "@playwright/test";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { recordAction, replay } from "./actions";
import { deafen, expect, test } from "./fixtures";
import { createPerson, type SignedIn, startSessionOf } from "./people";
import { auditOf, endOf, liveSessionsOf, rowOf } from "./records";
import { appUrl, request, secondAppUrl } from "./request";

const SIGNED_OUT = "You were signed out by an administrator.";

test("an admin forces a logout with one click, and the target's next click lands on sign-in", async ({
	twoBrowsers,
}) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	await deafen(alice.page);
	await alice.page.goto("/dashboard");
	await openSessionsOf(admin.page, alice);
	await admin.page.getByRole("button", { name: "Force log out", exact: true }).click();
	await expect(admin.page.getByText(`${alice.user.name} was signed out on Chrome`)).toBeVisible();

	await alice.page.getByRole("link", { name: "Profile" }).click();
	await expect(alice.page).toHaveURL(/\/sign-in\?next=%2Fsettings%2Fprofile$/);
	await expect(alice.page.getByRole("status")).toContainText(SIGNED_OUT);
	expect(await endOf(alice.sessionId)).toMatchObject({ reason: "forced", endedById: admin.user.id });
	expect(await auditOf("session.forced_out", { target: alice.user })).toMatchObject([{ actorId: admin.user.id }]);
});

test("an open page leaves by itself, on another instance too", async ({ twoBrowsers }) => {
	const [admin, alice] = await twoBrowsers("support", "user");
	await alice.page.goto(`${secondAppUrl()}/dashboard`);
	await expect(alice.page.getByRole("heading", { level: 1 })).toContainText(alice.user.name);
	await openSessionsOf(admin.page, alice);
	await admin.page.getByRole("button", { name: "Force log out", exact: true }).click();
	await expect(alice.page).toHaveURL(`${secondAppUrl()}/sign-in?next=%2Fdashboard`);
	await expect(alice.page.getByRole("status")).toContainText(SIGNED_OUT);
	await expect(alice.page.getByText(alice.user.email)).toHaveCount(0);
});

test("Back shows nothing of the page that was left", async ({ twoBrowsers }) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	await alice.page.goto("/pricing");
	await alice.page.goto("/settings/profile");
	await alice.page.goto("/dashboard");
	await openSessionsOf(admin.page, alice);
	await admin.page.getByRole("button", { name: "Force log out", exact: true }).click();
	await expect(alice.page).toHaveURL(/\/sign-in/);
	await alice.page.goBack();
	await expect(alice.page).toHaveURL(/\/sign-in\?next=%2Fsettings%2Fprofile$/);
	await expect(alice.page.getByText(alice.user.email)).toHaveCount(0);
});

test("a forced logout holds on every surface and on every instance", async ({ signedInAs, browserFor }) => {
	const owner = await signedInAs("owner");
	const target = await startSessionOf(await createPerson({ role: "admin" }));
	const page = await browserFor(target);
	const saveName = await recordAction(page, async () => {
		await page.goto("/settings/profile");
		await page.getByLabel("Name").fill("A changed name");
		await page.getByRole("button", { name: "Save" }).click();
	});
	await page.close();

	const surfaces = (on: string): Record<string, () => Promise<Response>> => ({
		page: () => request("/dashboard", { as: target, on }),
		"console page": () => request("/admin/users", { as: target, on }),
		"soft navigation": () => request("/settings/profile?_rsc", { as: target, on, headers: { RSC: "1" } }),
		JSON: () => request("/api/session", { as: target, on }),
		"console JSON": () => request("/api/admin/users", { as: target, on }),
		CSV: () => request("/admin/audit/export", { as: target, on }),
		"event stream": () => request("/api/session/feed", { as: target, on }),
	});
	for (const on of [appUrl(), secondAppUrl()]) {
		for (const [name, ask] of Object.entries(surfaces(on))) {
			const answer = await ask();
			expect(answer.status, `${name} before, on ${on}`).toBe(200);
			await answer.body?.cancel();
		}
	}

	await openSessionsOf(owner.page, target);
	await owner.page.getByRole("button", { name: "Force log out", exact: true }).click();
	await expect.poll(() => liveSessionsOf(target.user)).toEqual([]);

	const before = await rowOf(target.user);
	for (const on of [secondAppUrl(), appUrl()]) {
		for (const [name, ask] of Object.entries(surfaces(on))) {
			const answer = await ask();
			expect([307, 401], `${name} afterwards, on ${on}`).toContain(answer.status);
			expect(await answer.text(), name).not.toContain(target.user.email);
		}
		const answer = await replay(saveName, { as: target, on });
		expect(answer.text).toContain("session-ended");
		expect(await rowOf(target.user)).toEqual(before);
	}
});

test("the console shows the receipt: not seen since, and then where it was refused", async ({ signedInAs }) => {
	const admin = await signedInAs("admin");
	const alice = await startSessionOf(await createPerson());
	await openSessionsOf(admin.page, alice);
	await admin.page.getByRole("button", { name: "Force log out", exact: true }).click();
	await expect(admin.page.getByText("Not seen since.")).toBeVisible();

	await admin.page.goto(`/admin/sessions?view=ended&q=${alice.user.email}`);
	const row = admin.page.getByRole("table", { name: "Ended sessions" }).getByRole("row").nth(1);
	await expect(row).toContainText("Forced out");
	await expect(row).toContainText(`by ${admin.user.name}`);
	await expect(row).toContainText("not seen since");

	expect((await request("/settings/profile?secret=in-the-query", { as: alice })).status).toBe(307);
	await expect(row).toContainText(/refused .* later, on \/settings\/profile$/);
	const first = await endOf(alice.sessionId);
	expect(first?.firstRefusedPath).toBe("/settings/profile");

	await request("/dashboard", { as: alice });
	expect(await endOf(alice.sessionId)).toEqual(first);
});

test("Force log out everywhere ends all sessions of one person with one click", async ({ signedInAs }) => {
	const admin = await signedInAs("support");
	const alice = await createPerson();
	const devices = await Promise.all([1, 2, 3].map(() => startSessionOf(alice)));
	const bob = await startSessionOf(await createPerson());
	await admin.page.goto(`/admin/users/${alice.id}`);
	await expect(admin.page.getByRole("table", { name: "Active sessions" }).getByRole("row")).toHaveCount(4);
	await admin.page.getByRole("button", { name: "Force log out everywhere" }).click();
	await expect(admin.page.getByText("3 sessions ended.")).toBeVisible();
	await expect(admin.page.getByText("Not signed in anywhere")).toBeVisible();
	for (const device of devices) expect((await request("/dashboard", { as: device })).status).toBe(307);
	expect((await request("/dashboard", { as: bob })).status).toBe(200);
	const [event] = await auditOf("session.forced_out_everywhere", { target: alice });
	expect(event).toMatchObject({ actorId: admin.user.id, detail: { count: 3 } });
});

test("the row leaves at once, and comes back with the reason when the server cannot be reached", async ({
	twoBrowsers,
}) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	await openSessionsOf(admin.page, alice);
	const row = admin.page.getByRole("row").filter({ hasText: alice.user.email });
	const held: (() => void)[] = [];
	await admin.page.route("**/admin/sessions*", async (route) => {
		if (!route.request().headers()["next-action"]) return route.fallback();
		await new Promise<void>((resolve) => held.push(resolve));
		await route.abort();
	});
	await admin.page.getByRole("button", { name: "Force log out", exact: true }).click();
	await expect(row).toHaveCount(0);
	await expect.poll(() => held.length).toBe(1);
	for (const release of held) release();
	await expect(row).toBeVisible();
	await expect(admin.page.getByText("The server could not be reached. Nobody was signed out.")).toBeVisible();
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
});

test("a double click ends one session, not also the one that slides under the pointer", async ({ signedInAs }) => {
	const admin = await signedInAs("admin");
	const alice = await createPerson();
	await Promise.all([1, 2, 3].map(() => startSessionOf(alice)));
	await admin.page.goto(`/admin/sessions?q=${alice.email}`);
	await admin.page.getByRole("button", { name: "Force log out", exact: true }).first().dblclick();
	await expect(admin.page.getByRole("button", { name: "Force log out", exact: true })).toHaveCount(2);
	await expect.poll(() => liveSessionsOf(alice)).toHaveLength(2);
});

test("somebody who is out already is reported as such, and nothing else happens", async ({ twoBrowsers }) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	await deafen(admin.page);
	await openSessionsOf(admin.page, alice);
	await request("/sign-out", { as: alice, method: "POST" });
	await admin.page.getByRole("button", { name: "Force log out", exact: true }).click();
	await expect(admin.page.getByText("Already signed out, or not yours to sign out.")).toBeVisible();
	expect(await endOf(alice.sessionId)).toMatchObject({ reason: "signed_out" });
	expect(await auditOf("session.forced_out", { target: alice.user })).toEqual([]);
});

test("people of the same or a higher rank are out of reach, and the row says why", async ({ signedInAs }) => {
	const support = await signedInAs("support");
	for (const role of ["support", "admin", "owner"] as const) {
		const target = await startSessionOf(await createPerson({ role }));
		await openSessionsOf(support.page, target);
		const row = support.page.getByRole("row").filter({ hasText: target.user.email });
		await expect(row).toContainText(`Your role does not reach people who are ${role}.`);
		await expect(row.getByRole("button", { name: "Force log out" })).toHaveCount(0);
		await expect(row.getByRole("checkbox")).toBeDisabled();
	}
});

test("a write that waits while its session is ended changes nothing", async ({ browserFor, signedInAs }) => {
	const admin = await signedInAs("admin");
	const alice = await startSessionOf(await createPerson());
	const saveName = await recordSaveName(await browserFor(alice));
	const before = await rowOf(alice.user);
	await openSessionsOf(admin.page, alice);

	let answer: ReturnType<typeof replay> | undefined;
	await db.transaction(async (tx) => {
		await tx.select().from(users).where(eq(users.id, alice.user.id)).for("no key update");
		answer = replay(saveName, { as: alice, on: secondAppUrl() });
		await expect.poll(waitingForLocks).toBeGreaterThan(0);
		await admin.page.getByRole("button", { name: "Force log out", exact: true }).click();
		await expect.poll(() => liveSessionsOf(alice.user)).toEqual([]);
	});
	expect((await answer)?.text).toContain("session-ended");
	expect(await rowOf(alice.user)).toEqual(before);
});

test("a forced logout waits for a write that is running, and then holds", async ({ signedInAs }) => {
	const admin = await signedInAs("admin");
	const alice = await startSessionOf(await createPerson());
	await openSessionsOf(admin.page, alice);
	await db.transaction(async (tx) => {
		await tx.select().from(sessions).where(eq(sessions.id, alice.sessionId)).for("share");
		await admin.page.getByRole("button", { name: "Force log out", exact: true }).click();
		await expect.poll(waitingForLocks).toBeGreaterThan(0);
		expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
		await expect(admin.page.getByText("was signed out on")).toHaveCount(0);
	});
	await expect(admin.page.getByText(`${alice.user.name} was signed out on Chrome`)).toBeVisible();
	expect(await liveSessionsOf(alice.user)).toEqual([]);
});

/** The admin's list of just this person's sessions. */
async function openSessionsOf(page: Page, { user }: Pick<SignedIn, "user">): Promise<void> {
	await page.goto(`/admin/sessions?q=${user.email}`);
	await expect(page.getByRole("table", { name: "Active sessions" })).toContainText(user.email);
}

async function recordSaveName(page: Page) {
	const recorded = await recordAction(page, async () => {
		await page.goto("/settings/profile");
		await page.getByLabel("Name").fill("A changed name");
		await page.getByRole("button", { name: "Save" }).click();
	});
	await page.close();
	return recorded;
}

/** How many of the app's transactions wait for a lock right now. */
async function waitingForLocks(): Promise<number> {
	const { rows } = await db.execute<{ count: number }>(sql`
		select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()
	`);
	return rows[0]?.count ?? 0;
}
