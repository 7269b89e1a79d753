/** Open tabs: they show who is there now and leave when nobody is, whatever was missed on the way. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { setRole } from "./people";

test("a change between the page and its event stream is not missed: a demoted person's console goes", async ({
	signedInAs,
}) => {
	const alice = await signedInAs("support");
	const stream = await holdStream(alice.page);
	await alice.page.goto("/admin/users");
	await expect(alice.page.getByRole("table", { name: "Users" })).toBeVisible();
	await stream.asked;
	await setRole(alice.user, "user");
	stream.letGo();
	await expect(alice.page.getByRole("heading", { name: "There is no page here" })).toBeVisible();
	await expect(alice.page.getByRole("table", { name: "Users" })).toHaveCount(0);
});

/** Holds the page's event stream back until it is let go. */
async function holdStream(page: Page) {
	let letGo = () => {};
	const go = new Promise<void>((resolve) => {
		letGo = resolve;
	});
	let ask = () => {};
	const asked = new Promise<void>((resolve) => {
		ask = resolve;
	});
	await page.route("**/api/session/feed", async (route) => {
		ask();
		await go;
		await route.continue();
	});
	return { asked, letGo: () => letGo() };
}
