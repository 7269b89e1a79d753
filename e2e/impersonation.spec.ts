/** Impersonation: seeing the product as somebody else, with their knowledge and within limits. */
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { confirm } from "./abilities";
import { expect, hold, type SignedInBrowser, test } from "./fixtures";
import { createPerson, startImpersonation, startSessionOf } from "./people";
import { auditOf, endOf, liveSessionsOf, rowOf } from "./records";
import { request } from "./request";

test("an admin impersonates a person with a reason, and stops with one click", async ({ twoBrowsers }) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	await impersonate(admin, alice.user, "Ticket 4711");
	const banner = admin.page.getByRole("region", { name: "Impersonation" });
	await expect(banner).toContainText(`${admin.user.name} acting as ${alice.user.name}`);
	await expect(admin.page.getByRole("heading", { level: 1 })).toHaveText(`Welcome, ${alice.user.name}`);
	expect(await auditOf("impersonation.started", { target: alice.user })).toMatchObject([
		{ actorId: admin.user.id, reason: "Ticket 4711" },
	]);

	for (const path of ["/settings/profile", "/settings/security", "/dashboard"]) {
		await admin.page.goto(path);
		await expect(banner).toBeVisible();
	}
	await banner.getByRole("button", { name: "Stop impersonating" }).click();
	await expect(admin.page).toHaveURL(`/admin/users/${alice.user.id}`);
	await expect(banner).toHaveCount(0);
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
	expect(await liveSessionsOf(admin.user)).toEqual([admin.sessionId]);
	expect(await auditOf("impersonation.stopped", { target: alice.user })).toHaveLength(1);
});

test("stopping before the page's scripts run leads where it should, also when the answer is slow", async ({
	browserFor,
}) => {
	const [admin, alice] = [await startSessionOf(await createPerson({ role: "admin" })), await createPerson()];
	const page = await browserFor(await startImpersonation(alice, admin));
	const scripts = await hold(page, (url) => url.pathname.endsWith(".js"));
	const stopped = Promise.withResolvers<void>();
	const answer = Promise.withResolvers<void>();
	await page.route("**/impersonation/stop", async (route) => {
		const response = await route.fetch({ maxRedirects: 0 });
		stopped.resolve();
		await answer.promise;
		await route.fulfill({ response });
	});
	await page.goto("/dashboard", { waitUntil: "commit" });
	await page.getByRole("button", { name: "Stop impersonating" }).click({ noWaitAfter: true });
	await stopped.promise;
	const listening = page.waitForRequest("**/api/session/feed");
	scripts.letGo();
	await listening;
	const goesHome = page.waitForRequest((sent) => sent.isNavigationRequest(), { timeout: 3_000 });
	await expect(goesHome).rejects.toThrow("Timeout");
	answer.resolve();
	await expect(page).toHaveURL(`/admin/users/${alice.id}`);
	expect(await liveSessionsOf(admin.user)).toEqual([admin.sessionId]);
});

test("what is done while impersonating is on record under both names", async ({ twoBrowsers }) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	await impersonate(admin, alice.user);
	await admin.page.goto("/settings/profile");
	await admin.page.getByLabel("Name").fill("Named by an admin");
	await admin.page.getByRole("button", { name: "Save" }).click();
	await expect(admin.page.getByText("Your profile was saved.")).toBeVisible();
	expect((await rowOf(alice.user)).name).toBe("Named by an admin");
	expect(await auditOf("profile.changed", { target: alice.user })).toMatchObject([
		{ actorId: admin.user.id, actingAsId: alice.user.id },
	]);
});

test("the console, the password and other devices are out of reach while impersonating", async ({ signedInAs }) => {
	const owner = await signedInAs("owner");
	const support = await createPerson({ role: "support" });
	await impersonate(owner, support);
	for (const path of ["/admin", "/admin/users", "/admin/sessions", "/admin/audit"]) {
		expect((await owner.page.goto(path))?.status(), path).toBe(404);
	}
	await owner.page.goto("/settings/security");
	await expect(owner.page.getByLabel("New password")).toHaveCount(0);
});

test("stopping takes no console page of the other person's along, and Back shows none of theirs", async ({
	twoBrowsers,
}) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	await impersonate(admin, alice.user);
	await admin.page.goto("/settings/profile");
	await admin.page.getByRole("button", { name: "Stop impersonating" }).click();
	await expect(admin.page).toHaveURL(`/admin/users/${alice.user.id}`);
	await admin.page.goBack();
	await expect(admin.page.getByLabel("Name")).toHaveValue(admin.user.name);
});

test("an impersonation ends with the admin's own session", async ({ browserFor, signedInAs }) => {
	const owner = await signedInAs("owner");
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await createPerson();
	const impersonation = await startImpersonation(alice, admin);
	const page = await browserFor(impersonation);
	await page.goto("/dashboard");
	await owner.page.goto(`/admin/users/${admin.user.id}`);
	await owner.page.getByRole("button", { name: "Force log out everywhere" }).click();
	await expect(page).toHaveURL(/\/sign-in/);
	expect(await endOf(impersonation.sessionId)).toMatchObject({ reason: "impersonator_gone" });
	expect(await endOf(admin.sessionId)).toMatchObject({ reason: "forced" });
	expect(await liveSessionsOf(alice)).toEqual([]);
});

test("forcing the person out ends the impersonation, and the admin goes on as themselves", async ({
	browserFor,
	signedInAs,
}) => {
	const owner = await signedInAs("owner");
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await startSessionOf(await createPerson());
	const page = await browserFor(await startImpersonation(alice.user, admin));
	await page.goto("/dashboard");
	await owner.page.goto(`/admin/users/${alice.user.id}`);
	await expect(owner.page.getByText(`Impersonated by ${admin.user.name}`)).toBeVisible();
	await owner.page.getByRole("button", { name: "Force log out everywhere" }).click();
	await expect(page).toHaveURL(/\/sign-in/);
	await page.getByRole("button", { name: `Continue as ${admin.user.name}` }).click();
	await expect(page).toHaveURL("/admin");
	expect(await liveSessionsOf(alice.user)).toEqual([]);
	expect(await liveSessionsOf(admin.user)).toEqual([admin.sessionId]);
});

test("an impersonation ends after an hour, however active", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const impersonation = await startImpersonation(await createPerson(), admin);
	const [row] = await db
		.select({ lifetime: sql<number>`extract(epoch from ${sessions.expiresAt} - ${sessions.createdAt})::int` })
		.from(sessions)
		.where(eq(sessions.id, impersonation.sessionId));
	expect(row?.lifetime).toBe(3_600);
	await db.update(sessions).set({ expiresAt: sql`now()` }).where(eq(sessions.id, impersonation.sessionId));
	expect((await request("/dashboard", { as: impersonation })).status).toBe(307);
	expect(await endOf(impersonation.sessionId)).toMatchObject({ reason: "impersonation_expired" });
});

test("nobody impersonates an equal, a higher rank, a suspended person or themselves", async ({ signedInAs }) => {
	const admin = await signedInAs("admin");
	for (const role of ["admin", "owner"] as const) {
		const target = await createPerson({ role });
		await admin.page.goto(`/admin/users/${target.id}`);
		await expect(admin.page.getByRole("button", { name: "Impersonate" })).toHaveCount(0);
		const headers = { "Content-Type": "application/json" };
		const body = JSON.stringify({ reason: "To try" });
		const path = `/api/admin/users/${target.id}/impersonation`;
		expect((await request(path, { as: admin, method: "POST", headers, body })).status).toBe(403);
		expect(await liveSessionsOf(target)).toEqual([]);
	}
	await admin.page.goto(`/admin/users/${admin.user.id}`);
	await expect(admin.page.getByRole("button", { name: "Impersonate" })).toHaveCount(0);
});

async function impersonate(admin: SignedInBrowser, user: { id: string }, reason = "To see what they see") {
	await admin.page.goto(`/admin/users/${user.id}`);
	await confirm(admin.page, "Impersonate", reason);
	await expect(admin.page).toHaveURL("/dashboard");
}
