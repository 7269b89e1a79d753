/** Changing one's own password. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { createPerson, PASSWORD, startSessionOf } from "./people";
import { auditOf, endOf, liveSessionsOf, rowOf } from "./records";

const NEW_PASSWORD = "a quite different sentence";

test("changing the password ends every other session at once and keeps this one", async ({ browserFor }) => {
	const user = await createPerson({ password: PASSWORD });
	const [here, elsewhere] = [await startSessionOf(user), await startSessionOf(user)];
	const [page, other] = [await browserFor(here), await browserFor(elsewhere)];
	await other.goto("/dashboard");
	await page.goto("/settings/security");
	await change(page, PASSWORD, NEW_PASSWORD);
	await expect(page.getByText("Your password was changed, and 1 other device was signed out.")).toBeVisible();

	await expect(other.getByRole("status")).toContainText("You were signed out because your password was changed.");
	expect(await endOf(elsewhere.sessionId)).toMatchObject({ reason: "password_changed", endedById: user.id });
	expect(await liveSessionsOf(user)).toEqual([here.sessionId]);
	expect(await auditOf("password.changed", { actor: user })).toHaveLength(1);

	await other.getByLabel("Email").fill(user.email);
	await other.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
	await other.getByRole("button", { name: "Sign in" }).click();
	await expect(other).toHaveURL("/dashboard");
});

test("without the current password nothing changes, and no password stays on the page", async ({ browserFor }) => {
	const user = await createPerson({ password: PASSWORD });
	const page = await browserFor(await startSessionOf(user));
	const before = await rowOf(user);
	await page.goto("/settings/security");
	await change(page, "not my password", NEW_PASSWORD);
	await expect(page.getByRole("listitem").filter({ hasText: "That is not your current password." })).toBeVisible();
	await expect(page.getByLabel("Current password")).toHaveValue("");
	await expect(page.getByLabel("New password")).toHaveValue("");
	expect(await rowOf(user)).toEqual(before);
});

test("a new password that is too short or that everybody tries first is refused", async ({ browserFor }) => {
	const user = await createPerson({ password: PASSWORD });
	const page = await browserFor(await startSessionOf(user));
	const before = await rowOf(user);
	await page.goto("/settings/security");
	await change(page, PASSWORD, "seven77");
	await expect(page.getByRole("listitem").filter({ hasText: "Use at least 8 characters." })).toBeVisible();
	await change(page, PASSWORD, "password123");
	await expect(page.getByRole("listitem").filter({ hasText: "one of the first that anyone would try" })).toBeVisible();
	expect(await rowOf(user)).toEqual(before);
});

async function change(page: Page, current: string, next: string): Promise<void> {
	await page.getByLabel("Current password").fill(current);
	await page.getByLabel("New password").fill(next);
	await page.getByRole("button", { name: "Change password" }).click();
}
