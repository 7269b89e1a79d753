/** Suspending people and letting them in again. */
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { confirm } from "./abilities";
import { expect, test } from "./fixtures";
import { createPerson, PASSWORD, startSessionOf } from "./people";
import { auditOf, endOf, liveSessionsOf, rowOf } from "./records";
import { request, secondAppUrl } from "./request";

test("suspending signs the person out everywhere, at once, and they read why", async ({ twoBrowsers }) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	const elsewhere = await startSessionOf(alice.user);
	await alice.page.goto("/dashboard");
	await admin.page.goto(`/admin/users/${alice.user.id}`);
	await confirm(admin.page, "Suspend", "Under investigation");
	await expect(admin.page.getByText("Suspended, and 2 sessions ended.")).toBeVisible();

	await expect(alice.page).toHaveURL(/\/sign-in/);
	await expect(alice.page.getByRole("status")).toContainText("You were signed out because your account was suspended.");
	expect((await request("/dashboard", { as: elsewhere, on: secondAppUrl() })).status).toBe(307);
	expect(await endOf(elsewhere.sessionId)).toMatchObject({ reason: "suspended", endedById: admin.user.id });
	expect(await rowOf(alice.user)).toMatchObject({ suspensionReason: "Under investigation", suspendedUntil: null });
	await expect(admin.page.getByText("Reason: Under investigation")).toBeVisible();
});

test("a suspended person is not let in, and is again once reactivated", async ({ signedInAs, browserFor }) => {
	const admin = await signedInAs("admin");
	const alice = await createPerson({ password: PASSWORD });
	await admin.page.goto(`/admin/users/${alice.id}`);
	await confirm(admin.page, "Suspend", "Under investigation");
	await expect(admin.page.getByRole("button", { name: "Reactivate" })).toBeVisible();

	const page = await browserFor(null);
	await page.goto("/sign-in");
	const signIn = async () => {
		await page.getByLabel("Email").fill(alice.email);
		await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
		await page.getByRole("button", { name: "Sign in" }).click();
	};
	await signIn();
	await expect(page.getByText("do not match an active account")).toBeVisible();
	expect(await liveSessionsOf(alice)).toEqual([]);

	await admin.page.getByRole("button", { name: "Reactivate" }).click();
	await expect(admin.page.getByText("They can sign in again.")).toBeVisible();
	await signIn();
	await expect(page).toHaveURL("/dashboard");
	expect(await auditOf("user.reactivated", { target: alice })).toMatchObject([{ actorId: admin.user.id }]);
});

test("a suspension with an end lifts by itself", async ({ signedInAs, browserFor }) => {
	const admin = await signedInAs("admin", { timezoneId: "America/New_York" });
	const alice = await createPerson({ password: PASSWORD });
	await admin.page.goto(`/admin/users/${alice.id}`);
	await admin.page.getByRole("button", { name: "Suspend", exact: true }).click();
	const dialog = admin.page.getByRole("alertdialog");
	await dialog.getByLabel("Reason").fill("Cooling off");
	await dialog.getByLabel("Until").fill("2099-01-31T09:30");
	await dialog.getByRole("button", { name: "Suspend", exact: true }).click();
	await expect(admin.page.getByRole("button", { name: "Reactivate" })).toBeVisible();
	expect((await rowOf(alice)).suspendedUntil).toEqual(new Date("2099-01-31T14:30:00Z"));

	await db.update(users).set({ suspendedUntil: sql`now() - interval '1 second'` }).where(eq(users.id, alice.id));
	const page = await browserFor(null);
	await page.goto("/sign-in");
	await page.getByLabel("Email").fill(alice.email);
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page).toHaveURL("/dashboard");
});

test("a suspension without a reason, or with an end in the past or in no year that we know, is refused beside the field", async ({
	signedInAs,
}) => {
	const admin = await signedInAs("admin");
	const alice = await startSessionOf(await createPerson());
	await admin.page.goto(`/admin/users/${alice.user.id}`);
	await admin.page.getByRole("button", { name: "Suspend", exact: true }).click();
	const dialog = admin.page.getByRole("alertdialog");
	await dialog.getByLabel("Reason").fill("   ");
	await dialog.getByRole("button", { name: "Suspend", exact: true }).click();
	await expect(dialog.getByText("Give a reason.")).toBeVisible();
	await dialog.getByLabel("Reason").fill("Late");
	await dialog.getByLabel("Until").fill("2001-01-01T00:00");
	await dialog.getByRole("button", { name: "Suspend", exact: true }).click();
	await expect(dialog.getByText("Choose a moment in the future.")).toBeVisible();
	await dialog.getByLabel("Until").fill("12026-01-01T00:00");
	await expect(dialog.getByLabel("Until")).toHaveJSProperty("validity.rangeOverflow", true);
	await dialog.getByLabel("Until").evaluate((field) => field.removeAttribute("max"));
	await dialog.getByRole("button", { name: "Suspend", exact: true }).click();
	await expect(dialog.getByText("Enter a date and time.")).toBeVisible();
	await expect(dialog.getByLabel("Reason")).toHaveValue("Late");
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
});

test("support sees no way to suspend, impersonate, off-board or change a role", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const alice = await createPerson();
	await page.goto(`/admin/users/${alice.id}`);
	await expect(page.getByRole("button", { name: "Force log out everywhere" })).toBeVisible();
	for (const name of ["Suspend", "Impersonate", "Off-board", "Reactivate"]) {
		await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0);
	}
	await expect(page.getByLabel("Role")).toBeDisabled();
});
