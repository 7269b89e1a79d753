/** A session that ends while a form is open loses nobody's words and shows nobody a broken page. */
import type { Page } from "@playwright/test";
import { deafen, expect, test } from "./fixtures";
import { createPerson, forgetProof, PASSWORD, startSessionOf } from "./people";
import { rowOf } from "./records";
import { request } from "./request";

test("what was typed is kept, in every form of the page, and is there again after signing in", async ({
	browserFor,
}) => {
	const alice = await startSessionOf(await createPerson({ password: PASSWORD }));
	const page = await browserFor(alice);
	await deafen(page);
	await typeAName(page, "Typed before the end");
	await page.getByLabel("New address").fill("typed-before@example.com");
	await request("/sign-out", { as: alice, method: "POST" });
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fsettings%2Fprofile$/);
	await expect(page.getByRole("status")).toContainText("You were signed out");
	expect((await rowOf(alice.user)).name).toBe(alice.user.name);

	await signIn(page, alice.user.email);
	await expect(page).toHaveURL("/settings/profile");
	await expect(page.getByLabel("Name")).toHaveValue("Typed before the end");
	await expect(page.getByLabel("New address")).toHaveValue("typed-before@example.com");
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page.getByText("Your profile was saved.")).toBeVisible();
	expect((await rowOf(alice.user)).name).toBe("Typed before the end");
});

test("when the open page notices by itself, what was typed is kept as well", async ({ browserFor }) => {
	const alice = await startSessionOf(await createPerson({ password: PASSWORD }));
	const page = await browserFor(alice);
	await typeAName(page, "Typed before the end");
	await page.getByLabel("New address").fill("typed-before@example.com");
	await request("/sign-out", { as: alice, method: "POST" });
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fsettings%2Fprofile$/);
	await signIn(page, alice.user.email);
	await expect(page.getByLabel("Name")).toHaveValue("Typed before the end");
	await expect(page.getByLabel("New address")).toHaveValue("typed-before@example.com");
});

test("what the server refused is kept as well when the open page notices by itself", async ({ browserFor }) => {
	const alice = await startSessionOf(await createPerson({ password: PASSWORD }));
	const page = await browserFor(alice);
	const tooLong = "Alice ".repeat(50);
	await typeAName(page, tooLong);
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
	await request("/sign-out", { as: alice, method: "POST" });
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fsettings%2Fprofile$/);
	await signIn(page, alice.user.email);
	await expect(page.getByLabel("Name")).toHaveValue(tooLong);
});

test("what waited for a proof is kept as well when the session ends meanwhile", async ({ browserFor }) => {
	const alice = await startSessionOf(await createPerson({ password: PASSWORD }));
	await forgetProof(alice.sessionId);
	const page = await browserFor(alice);
	await deafen(page);
	await page.goto("/settings/profile");
	await page.getByLabel("New address").fill("typed-before@example.com");
	await page.getByRole("button", { name: "Change address" }).click();
	await page.getByRole("dialog").getByLabel("Password", { exact: true }).fill(PASSWORD);
	await request("/sign-out", { as: alice, method: "POST" });
	await page.getByRole("button", { name: "Confirm", exact: true }).click();
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fsettings%2Fprofile$/);
	await signIn(page, alice.user.email);
	await expect(page.getByLabel("New address")).toHaveValue("typed-before@example.com");
});

test("a reason comes back in the dialog that it was typed in, and in no other", async ({ browserFor }) => {
	const admin = await startSessionOf(await createPerson({ role: "admin", password: PASSWORD }));
	const alice = await createPerson();
	const page = await browserFor(admin);
	const reason = page.getByRole("alertdialog").getByLabel("Reason");
	await page.goto(`/admin/users/${alice.id}`);
	await page.getByRole("button", { name: "Suspend" }).click();
	await reason.fill("Under investigation");
	await request("/sign-out", { as: admin, method: "POST" });
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fadmin%2Fusers/);
	await signIn(page, admin.user.email);

	await page.getByRole("button", { name: "Impersonate" }).click();
	await expect(reason).toHaveValue("");
	await page.keyboard.press("Escape");
	await page.getByRole("button", { name: "Suspend" }).click();
	await expect(reason).toHaveValue("Under investigation");
});

test("what one person typed is not shown to another who signs in on the same browser", async ({ browserFor }) => {
	const alice = await startSessionOf(await createPerson());
	const bob = await createPerson({ password: PASSWORD });
	const page = await browserFor(alice);
	await deafen(page);
	await typeAName(page, "A secret of Alice's");
	await request("/sign-out", { as: alice, method: "POST" });
	await page.getByRole("button", { name: "Save" }).click();
	await signIn(page, bob.email);
	await expect(page).toHaveURL("/settings/profile");
	await expect(page.getByLabel("Name")).toHaveValue(bob.name);
});

test("passwords that were typed are never kept", async ({ browserFor }) => {
	const alice = await startSessionOf(await createPerson({ password: PASSWORD }));
	const page = await browserFor(alice);
	await deafen(page);
	await page.goto("/settings/security");
	await page.getByLabel("Current password").fill(PASSWORD);
	await page.getByLabel("New password").fill("a quite different sentence");
	await request("/sign-out", { as: alice, method: "POST" });
	await page.getByRole("button", { name: "Change password" }).click();
	await expect(page).toHaveURL(/\/sign-in/);
	expect(await page.evaluate(() => JSON.stringify(sessionStorage) + JSON.stringify(localStorage))).not.toMatch(
		/correct horse|different sentence/,
	);
	await signIn(page, alice.user.email);
	await expect(page.getByLabel("New password")).toHaveValue("");
});

test("a list whose button is pressed after the end leaves for sign-in and comes back", async ({ browserFor }) => {
	const support = await startSessionOf(await createPerson({ role: "support", password: PASSWORD }));
	const alice = await startSessionOf(await createPerson());
	const page = await browserFor(support);
	await deafen(page);
	await page.goto(`/admin/sessions?q=${alice.user.email}`);
	await request("/sign-out", { as: support, method: "POST" });
	await page.getByRole("button", { name: "Force log out", exact: true }).click();
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fadmin%2Fsessions/);
	await signIn(page, support.user.email);
	await expect(page).toHaveURL(`/admin/sessions?q=${alice.user.email}`);
});

test("without a connection nothing is lost either: the form says so and stays as it is", async ({ signedInAs }) => {
	const { page, user } = await signedInAs("user");
	await typeAName(page, "Typed offline");
	await page.route("**/settings/profile", (route) =>
		route.request().method() === "POST" ? route.abort() : route.fallback(),
	);
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page.getByText("The server could not be reached.")).toBeVisible();
	await expect(page.getByLabel("Name")).toHaveValue("Typed offline");
	expect((await rowOf(user)).name).toBe(user.name);
});

async function typeAName(page: Page, name: string): Promise<void> {
	await page.goto("/settings/profile");
	await page.getByLabel("Name").fill(name);
}

async function signIn(page: Page, email: string): Promise<void> {
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
}
