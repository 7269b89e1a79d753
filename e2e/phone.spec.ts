/** The main job with a thumb, and with a keyboard alone, on pages that move as most people see them. */
import { type BrowserContextOptions, devices, type Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { createPerson, startSessionOf } from "./people";
import { endOf, liveSessionsOf } from "./records";

const { viewport, userAgent, deviceScaleFactor, isMobile, hasTouch } = devices["iPhone 13"];
const MOVING: BrowserContextOptions = { reducedMotion: "no-preference" };
const PHONE = { viewport, userAgent, deviceScaleFactor, isMobile, hasTouch, ...MOVING };

test("on a phone, an admin finds a person, opens them and forces them out", async ({ signedInAs }) => {
	const admin = await signedInAs("admin", PHONE);
	const alice = await signedInAs("user");
	await alice.page.goto("/dashboard");
	await admin.page.goto("/dashboard");
	await admin.page.getByRole("button", { name: "Account menu" }).tap();
	await admin.page.getByRole("link", { name: "Console" }).tap();
	await expect(admin.page.getByRole("heading", { level: 1 })).toHaveText("Overview");
	await admin.page.getByRole("button", { name: "Menu", exact: true }).tap();
	await admin.page.getByRole("link", { name: "Users" }).tap();
	await admin.page.getByLabel("Search").fill(alice.user.email);
	// What a thumb aims at must have stopped moving: above it, those who are not searched for are still going away.
	await expect(admin.page.getByText("1 person")).toBeVisible();
	await admin.page.getByRole("link", { name: alice.user.name }).tap();
	await admin.page.getByRole("button", { name: "Force log out everywhere" }).tap();
	await expect(admin.page.getByText("1 session ended.")).toBeVisible();
	await expect(alice.page).toHaveURL(/\/sign-in/);
	expect(await endOf(alice.sessionId)).toMatchObject({ reason: "forced", endedById: admin.user.id });
});

test("with a keyboard alone, an admin forces a person out, and the focus goes on to the next row", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("admin", MOVING);
	const mark = crypto.randomUUID().slice(0, 8);
	const [alice, bob] = [
		await startSessionOf(await createPerson({ name: `Alice ${mark}` })),
		await startSessionOf(await createPerson({ name: `Bob ${mark}` })),
	];
	await page.goto("/admin/users");
	await page.keyboard.press("Tab");
	await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
	await page.goto(`/admin/sessions?q=${mark}`);
	await tabTo(page, (name) => name === "Force log out");
	const row = page.getByRole("row").filter({ has: page.locator(":focus") });
	await expect(row).toContainText(bob.user.name);
	await page.keyboard.press("Enter");
	await expect.poll(() => liveSessionsOf(bob.user)).toEqual([]);
	await expect(row).toContainText(alice.user.name);
	await page.keyboard.press("Enter");
	await expect.poll(() => liveSessionsOf(alice.user)).toEqual([]);
});

test("with a keyboard alone, an admin suspends a person, and Escape changes nothing", async ({ signedInAs }) => {
	const { page } = await signedInAs("admin", MOVING);
	const alice = await startSessionOf(await createPerson());
	await page.goto(`/admin/users/${alice.user.id}`);
	await tabTo(page, (name) => name === "Suspend");
	await page.keyboard.press("Enter");
	await expect(page.getByRole("alertdialog")).toBeVisible();
	await page.keyboard.press("Escape");
	await expect(page.getByRole("alertdialog")).toHaveCount(0);
	await expect(page.getByRole("button", { name: "Suspend" })).toBeFocused();
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);

	await page.keyboard.press("Enter");
	await expect(page.getByLabel("Reason")).toBeFocused();
	await page.keyboard.type("Under investigation");
	await tabTo(page, (name) => name === "Suspend");
	await page.keyboard.press("Enter");
	await expect(page.getByRole("button", { name: "Reactivate" })).toBeVisible();
	expect(await liveSessionsOf(alice.user)).toEqual([]);
});

/** Presses Tab until something with such a name has the focus. */
async function tabTo(page: Page, isIt: (name: string) => boolean): Promise<void> {
	for (let presses = 0; presses < 80; presses++) {
		await page.keyboard.press("Tab");
		const name = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
		if (isIt(name)) return;
	}
	throw new Error("Tab never came there");
}
