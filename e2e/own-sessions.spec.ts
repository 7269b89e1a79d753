/** What people do with their own sessions, on Settings, Security. */
import { expect, test } from "./fixtures";
import { createPerson, startImpersonation, startSessionOf } from "./people";
import { endOf, liveSessionsOf } from "./records";
import { request } from "./request";

const IPHONE =
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

test("people see where they are signed in, with this device first", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	await startSessionOf(alice.user, { userAgent: IPHONE, ip: "203.0.113.7" });
	await alice.page.goto("/settings/security");
	const devices = alice.page.getByRole("list", { name: "Your devices" }).getByRole("listitem");
	await expect(devices).toHaveCount(2);
	await expect(devices.first()).toContainText("This device");
	await expect(devices.last()).toContainText("Safari on iOS");
	await expect(devices.last()).toContainText("203.0.113.7");
});

test("people sign out one of their devices, and the page open there leaves by itself", async ({
	signedInAs,
	browserFor,
}) => {
	const alice = await signedInAs("user");
	const phone = await startSessionOf(alice.user, { userAgent: IPHONE });
	const laptop = await startSessionOf(alice.user);
	const phonePage = await browserFor(phone);
	await phonePage.goto("/dashboard");
	await alice.page.goto("/settings/security");
	await alice.page.getByRole("button", { name: "Sign out Safari on iOS" }).click();
	await expect(alice.page.getByText("That device was signed out.")).toBeVisible();

	await expect(phonePage).toHaveURL(/\/sign-in\?next=%2Fdashboard$/);
	await expect(phonePage.getByRole("status")).toContainText("You were signed out from another of your devices.");
	expect(await endOf(phone.sessionId)).toMatchObject({ reason: "signed_out_elsewhere", endedById: alice.user.id });
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId, laptop.sessionId]);
	await expect(alice.page.getByRole("list", { name: "Your devices" }).getByRole("listitem")).toHaveCount(2);
});

test("people sign out all their other devices and stay signed in themselves", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	const others = [await startSessionOf(alice.user), await startSessionOf(alice.user)];
	await alice.page.goto("/settings/security");
	await alice.page.getByRole("button", { name: "Sign out all others" }).click();
	await expect(alice.page.getByText("2 other devices were signed out.")).toBeVisible();
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
	for (const other of others) expect((await request("/dashboard", { as: other })).status).toBe(307);
	await alice.page.reload();
	await expect(alice.page.getByText("This device")).toBeVisible();
});

test("people see who impersonates them and why, and afterwards that it happened", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const impersonation = await startImpersonation(alice.user, admin);
	await alice.page.goto("/settings/security");
	const devices = alice.page.getByRole("list", { name: "Your devices" });
	await expect(devices).toContainText(`Impersonated by ${admin.user.name}`);
	await expect(devices).toContainText("To see what they see");

	expect((await request("/sign-out", { as: impersonation, method: "POST" })).status).toBe(303);
	await alice.page.reload();
	await expect(devices.getByRole("listitem")).toHaveCount(1);
	await expect(alice.page.getByRole("list", { name: "Past impersonations" })).toContainText(admin.user.name);
});

test("whoever impersonates somebody can neither sign out their devices nor see a way to", async ({ browserFor }) => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await startSessionOf(await createPerson());
	const page = await browserFor(await startImpersonation(alice.user, admin));
	await page.goto("/settings/security");
	await expect(page.getByRole("list", { name: "Your devices" }).getByRole("listitem")).toHaveCount(2);
	await expect(page.getByRole("button", { name: /^Sign out (all|.* on)/ })).toHaveCount(0);
	await expect(page.getByLabel("New password")).toHaveCount(0);
});
