/** Signing in and out through the forms. Every other spec signs people in without them. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { createPerson, giveCookie, PASSWORD, startSessionOf, suspend } from "./people";
import { auditOf, endOf, liveSessionsOf } from "./records";
import { appUrl, request } from "./request";

test("a person signs in with the form, reaches the page they wanted, and has one session", async ({ page }) => {
	const alice = await createPerson({ password: PASSWORD });
	await page.goto("/settings/profile");
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fsettings%2Fprofile$/);
	await signIn(page, alice.email);
	await expect(page).toHaveURL("/settings/profile");
	await expect(page.getByLabel("Name")).toHaveValue(alice.name);
	expect(await liveSessionsOf(alice)).toHaveLength(1);
	expect(await auditOf("session.started", { actor: alice })).toHaveLength(1);
});

test("the cookie is out of reach of scripts and of other sites, and says nothing", async ({ page, context }) => {
	const alice = await createPerson({ password: PASSWORD });
	await page.goto("/sign-in");
	await signIn(page, alice.email);
	await expect(page).toHaveURL("/dashboard");
	const cookies = await context.cookies();
	expect(cookies).toEqual([
		expect.objectContaining({
			name: `__Host-session-${new URL(appUrl()).port}`,
			httpOnly: true,
			secure: true,
			sameSite: "Lax",
			path: "/",
		}),
	]);
	expect(await page.evaluate(() => document.cookie)).toBe("");
	expect(cookies[0]?.value).not.toContain(alice.id);
});

test("a wrong password, an unknown person and a suspended one are refused in the same words", async ({ page }) => {
	const alice = await createPerson({ password: PASSWORD });
	const suspended = await createPerson({ password: PASSWORD });
	await suspend(suspended);
	const attempts = [
		{ email: alice.email, password: "not the password" },
		{ email: `nobody-${crypto.randomUUID()}@example.com`, password: PASSWORD },
		{ email: suspended.email, password: PASSWORD },
	];
	for (const { email, password } of attempts) {
		await page.goto("/sign-in");
		await signIn(page, email, password);
		await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toHaveText(
			"That e-mail and password do not match an active account.",
		);
		await expect(page.getByLabel("Email")).toHaveValue(email);
		await expect(page.getByLabel("Password")).toHaveValue("");
	}
	expect(await liveSessionsOf(alice)).toEqual([]);
	expect(await liveSessionsOf(suspended)).toEqual([]);
	expect(await auditOf("sign_in.failed", { target: alice })).toHaveLength(1);
});

test("signing in with a next= that leads elsewhere stays on this site", async ({ page }) => {
	const alice = await createPerson({ password: PASSWORD });
	await page.goto(`/sign-in?next=${encodeURIComponent("/\\evil.example")}`);
	await signIn(page, alice.email);
	await expect(page).toHaveURL("/dashboard");
});

test("the sign-in page sends whoever is signed in to no other site", async () => {
	const alice = await startSessionOf(await createPerson());
	for (const next of [
		"https://evil.example/",
		"//evil.example",
		"/\\evil.example",
		"javascript:alert(1)",
		"/\t/evil",
	]) {
		const { status, headers } = await request(`/sign-in?next=${encodeURIComponent(next)}`, { as: alice });
		expect(status).toBe(307);
		expect(new URL(headers.get("location") ?? "", appUrl()).origin).toBe(appUrl());
	}
});

test("signing in comes back to a path with its query", async ({ page }) => {
	const alice = await createPerson({ password: PASSWORD });
	await page.goto("/settings/security?tab=devices");
	await signIn(page, alice.email);
	await expect(page).toHaveURL("/settings/security?tab=devices");
});

test("a session that was planted in the browser ends when its victim signs in", async ({ browserFor }) => {
	const mallory = await startSessionOf(await createPerson());
	const alice = await createPerson({ password: PASSWORD });
	const page = await browserFor(null);
	await page.goto("/sign-in");
	await giveCookie(page.context(), mallory.cookie);
	await signIn(page, alice.email);
	await expect(page.getByRole("heading", { level: 1 })).toContainText(alice.name);

	const [cookie] = await page.context().cookies();
	expect(mallory.cookie).not.toContain(cookie?.value);
	expect(await liveSessionsOf(mallory.user)).toEqual([]);
	expect(await endOf(mallory.sessionId)).toMatchObject({ reason: "replaced" });
});

test("every sign-in gives a new token, and a double click gives one session", async ({ page, context }) => {
	const alice = await createPerson({ password: PASSWORD });
	await page.goto("/sign-in");
	await fill(page, alice.email, PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).dblclick();
	await expect(page).toHaveURL("/dashboard");
	const [first] = await context.cookies();
	expect(await liveSessionsOf(alice)).toHaveLength(1);

	await signOut(page);
	await page.goto("/sign-in");
	await signIn(page, alice.email);
	await expect(page).toHaveURL("/dashboard");
	const [second] = await context.cookies();
	expect(second?.value).not.toBe(first?.value);
	expect(await liveSessionsOf(alice)).toHaveLength(1);
});

test("whoever is signed in is sent from the sign-in page to where they wanted to go", async ({ signedInAs }) => {
	const { page } = await signedInAs("user");
	await page.goto("/sign-in?next=%2Fsettings%2Fprofile");
	await expect(page).toHaveURL("/settings/profile");
	await page.goto("/sign-up");
	await expect(page).toHaveURL("/dashboard");
});

test("signing out ends the session at once and empties the browser", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	await alice.page.goto("/dashboard");
	await signOut(alice.page);
	expect(await alice.page.context().cookies()).toEqual([]);
	expect(await endOf(alice.sessionId)).toMatchObject({ reason: "signed_out", endedById: alice.user.id });

	await alice.page.goBack();
	await expect(alice.page).toHaveURL(/\/sign-in/);
	await expect(alice.page.getByText(alice.user.name)).toHaveCount(0);
});

test("the form works without JavaScript", async ({ browserFor }) => {
	const alice = await createPerson({ password: PASSWORD });
	const page = await browserFor(null, { javaScriptEnabled: false });
	await page.goto("/sign-in?next=%2Fsettings%2Fprofile");
	await signIn(page, alice.email, "not the password");
	await expect(page.getByText("do not match an active account")).toBeVisible();
	await signIn(page, alice.email);
	await expect(page).toHaveURL("/settings/profile");
});

async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
	await fill(page, email, password);
	await page.getByRole("button", { name: "Sign in" }).click();
}

async function fill(page: Page, email: string, password: string): Promise<void> {
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(password);
}

async function signOut(page: Page): Promise<void> {
	await page.getByRole("button", { name: "Account menu" }).click();
	await page.getByRole("button", { name: "Sign out" }).click();
	await expect(page).toHaveURL(/\/sign-in$/);
}
