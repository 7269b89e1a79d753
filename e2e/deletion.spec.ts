/** Deleting accounts: one's own in the settings, somebody's in the console. */
import type { Page } from "@playwright/test";
import { confirmDeletion } from "./abilities";
import { expect, test } from "./fixtures";
import { createPerson, forgetProof, PASSWORD, startImpersonation, startSessionOf } from "./people";
import { accountsWith, auditOf, endOf, liveSessionsOf } from "./records";
import { request, secondAppUrl } from "./request";

test("people delete their account, and every tab of theirs leaves and says so", async ({ browserFor }) => {
	const alice = await createPerson({ password: PASSWORD });
	const [here, phone] = [await startSessionOf(alice), await startSessionOf(alice)];
	const [page, phonePage] = [await browserFor(here), await browserFor(phone)];
	await phonePage.goto("/dashboard");
	await deleteAccount(page, alice.email);

	for (const tab of [page, phonePage]) {
		await expect(tab).toHaveURL(/\/sign-in/);
		await expect(tab.getByRole("status")).toHaveText("You were signed out because your account was deleted.");
	}
	expect(await accountsWith([alice.email])).toBe(0);
	expect(await auditOf("account.deleted", { target: alice })).toMatchObject([
		{ actorId: alice.id, detail: { count: 2 } },
	]);
	for (const as of [here, phone]) {
		expect((await request("/api/session", { as, on: secondAppUrl() })).status).toBe(401);
		expect((await endOf(as.sessionId))?.reason).toBe("deleted");
	}

	await page.getByLabel("Email").fill(alice.email);
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByText("do not match an active account")).toBeVisible();
});

test("an account is not deleted by a slip: it takes its address, and the password if that was long ago", async ({
	browserFor,
}) => {
	const session = await startSessionOf(await createPerson({ password: PASSWORD }));
	const { email } = session.user;
	const page = await browserFor(session);
	await forgetProof(session.sessionId);
	await deleteAccount(page, "another@example.com");
	const proof = page.getByRole("dialog", { name: "Confirm that it is you" });
	await proof.getByLabel("Password").fill(PASSWORD);
	await proof.getByRole("button", { name: "Confirm" }).click();
	await expect(
		page.getByRole("listitem").filter({ hasText: "That is not the address of this account." }),
	).toBeVisible();
	expect(await accountsWith([email])).toBe(1);

	const dialog = page.getByRole("alertdialog");
	await dialog.getByLabel("Type your e-mail address to confirm").fill(email.toUpperCase());
	await dialog.getByRole("button", { name: "Delete account" }).click();
	await expect(page).toHaveURL(/\/sign-in/);
	expect(await accountsWith([email])).toBe(0);
});

test("whoever impersonates somebody sees no way to delete the account", async ({ browserFor }) => {
	const admin = await startSessionOf(await createPerson({ role: "owner" }));
	const page = await browserFor(await startImpersonation(await createPerson(), admin));
	await page.goto("/settings/profile");
	await expect(page.getByRole("button", { name: "Save" })).toBeVisible();
	await expect(page.getByRole("button", { name: "Delete account" })).toHaveCount(0);
});

test("an owner deletes a person, whose history stays without them", async ({ twoBrowsers }) => {
	const [owner, alice] = await twoBrowsers("owner", "user");
	await alice.page.goto("/dashboard");
	await owner.page.goto(`/admin/users/${alice.user.id}`);
	await confirmDeletion(owner.page, alice.user.email);
	await expect(owner.page).toHaveURL("/admin/users");
	await expect(alice.page.getByRole("status")).toHaveText("You were signed out because your account was deleted.");
	expect(await liveSessionsOf(alice.user)).toEqual([]);
	expect((await owner.page.goto(`/admin/users/${alice.user.id}`))?.status()).toBe(404);

	await owner.page.goto("/admin/sessions?view=ended&reason=deleted");
	const ended = owner.page.getByRole("table", { name: "Ended sessions" });
	await expect(ended.getByText("Account gone").first()).toBeVisible();
	await owner.page.goto(`/admin/audit?whom=${alice.user.email}`);
	await expect(owner.page.getByRole("table", { name: "Audit log" })).toContainText("Deleted an account");
});

test("only owners see the button, and never on their own page", async ({ signedInAs }) => {
	const alice = await createPerson();
	for (const role of ["support", "admin", "owner"] as const) {
		const { page, user } = await signedInAs(role);
		await page.goto(`/admin/users/${alice.id}`);
		await expect(page.getByRole("button", { name: "Force log out everywhere" })).toBeVisible();
		await expect(page.getByRole("button", { name: "Delete", exact: true })).toHaveCount(role === "owner" ? 1 : 0);
		await page.goto(`/admin/users/${user.id}`);
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(user.name);
		await expect(page.getByRole("button", { name: "Delete", exact: true })).toHaveCount(0);
	}
});

async function deleteAccount(page: Page, email: string): Promise<void> {
	await page.goto("/settings/profile");
	await page.getByRole("button", { name: "Delete account" }).click();
	const dialog = page.getByRole("alertdialog");
	await dialog.getByLabel("Type your e-mail address to confirm").fill(email);
	await dialog.getByRole("button", { name: "Delete account" }).click();
}
