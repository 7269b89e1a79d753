/**
 * After signing out, nothing of the person is left in the browser: not on the page, not in storage or caches, not in the
 * router's memory, over HTTP and over HTTPS. (OWASP ASVS 5.0, V14.3.1 and V14.3.3.)
 */
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { createPerson, giveCookie, startSessionOf } from "../people";
import { appUrl, httpsUrl } from "../request";
import { lookOutFor, signOut, walk, wordsOf } from "./sightings";

for (const [scheme, address] of Object.entries({ HTTP: appUrl, HTTPS: httpsUrl })) {
	test(`after signing out over ${scheme}, Back and Forward show nothing of the person`, async ({ browserFor }) => {
		const alice = await startSessionOf(await createPerson());
		const page = await browserFor(alice, { ignoreHTTPSErrors: true, baseURL: address() });
		const seen = await lookOutFor(page.context(), wordsOf(alice));
		await walk(page);
		expect(seen).not.toEqual([]);
		await signOut(page);
		seen.length = 0;

		for (const direction of ["back", "back", "back", "forward", "forward", "back"] as const) {
			await (direction === "back" ? page.goBack() : page.goForward());
			await expect(page).toHaveURL(/\/sign-in/);
		}
		await page.goto("/sign-in");
		await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
		expect(seen).toEqual([]);
		expect(await page.context().cookies()).toEqual([]);
	});
}

test("after signing out, nothing is stored in the browser", async ({ signedInAs }) => {
	const { page } = await signedInAs("user");
	await walk(page);
	await page.evaluate(async () => {
		localStorage.setItem("draft", "mine");
		sessionStorage.setItem("draft", "mine");
		await (await caches.open("mine")).put("/mine", new Response("mine"));
		await new Promise((resolve) => indexedDB.open("mine").addEventListener("success", resolve));
	});
	expect(await storedIn(page)).not.toEqual(NOTHING);
	await signOut(page);
	expect(await storedIn(page)).toEqual(NOTHING);
});

test("the next person in the same browser sees nothing of the one before", async ({ browserFor }) => {
	const [alice, bob] = [await startSessionOf(await createPerson()), await startSessionOf(await createPerson())];
	const page = await browserFor(alice);
	const seen = await lookOutFor(page.context(), wordsOf(alice));
	await walk(page);
	await signOut(page);
	seen.length = 0;

	await giveCookie(page.context(), bob.cookie);
	await walk(page);
	// A page that leads elsewhere, or fetches itself anew for somebody else, breaks the way to it off.
	for (let step = 0; step < 6; step++) await page.goBack().catch(() => null);
	await page.goto("/settings/profile").catch(() => null);
	await expect(page).toHaveURL("/settings/profile");
	await expect(page.getByLabel("Name")).toHaveValue(bob.user.name);
	expect(seen).toEqual([]);
});

const NOTHING = { local: {}, session: {}, caches: [], databases: [], cookies: "" };

async function storedIn(page: Page): Promise<unknown> {
	return page.evaluate(async () => ({
		local: { ...localStorage },
		session: { ...sessionStorage },
		caches: await caches.keys(),
		databases: (await indexedDB.databases()).map(({ name }) => name),
		cookies: document.cookie,
	}));
}
