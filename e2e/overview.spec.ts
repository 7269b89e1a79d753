/** The console's first page. */
import { confirm } from "./abilities";
import { expect, test } from "./fixtures";
import { createPerson, startSessionOf } from "./people";
import { request } from "./request";

test("the overview shows who is here and what happened, and leads to the lists", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	await page.goto("/admin");
	for (const name of ["Live sessions", "People active", "Sign-ins", "Failed sign-ins", "Forced logouts"]) {
		await expect(page.getByText(name, { exact: true }).first()).toBeVisible();
	}
	await expect(page.getByRole("table", { name: "Audit log" })).toBeVisible();
	await page.getByRole("link", { name: /Live sessions/ }).click();
	await expect(page).toHaveURL("/admin/sessions");
});

test("what happens shows up by itself", async ({ signedInAs }) => {
	const [watcher, admin] = [await signedInAs("support"), await signedInAs("admin")];
	await watcher.page.goto("/admin");
	const alice = await createPerson();
	await admin.page.goto(`/admin/users/${alice.id}`);
	await confirm(admin.page, "Suspend", "Under investigation");
	await expect(watcher.page.getByRole("row").filter({ hasText: alice.name })).toContainText("Suspended an account");
});

test("the console is reached from the account menu by those who may, and by nobody else", async ({ twoBrowsers }) => {
	const [support, alice] = await twoBrowsers("support", "user");
	for (const { page } of [support, alice]) {
		await page.goto("/dashboard");
		await page.getByRole("button", { name: "Account menu" }).click();
	}
	await expect(alice.page.getByRole("button", { name: "Sign out" })).toBeVisible();
	await expect(alice.page.getByRole("link", { name: "Console" })).toHaveCount(0);
	await support.page.getByRole("link", { name: "Console" }).click();
	await expect(support.page.getByRole("heading", { level: 1 })).toHaveText("Overview");
});

test("somebody who may not sees nothing of the console, not even that it is there", async () => {
	const alice = await startSessionOf(await createPerson());
	const [console, nothing] = await Promise.all(
		["/admin", "/nothing"].map(async (path) => (await request(path, { as: alice })).text()),
	);
	const words = (html = "") => html.replace(/<script.*?<\/script>|<[^>]+>|\s+/gs, " ").trim();
	expect(words(console)).toBe(words(nothing));
});
