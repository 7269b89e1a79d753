/** The browser's back-forward cache, which keeps whole pages alive: it gives back none of a person who has signed out. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "@playwright/test";
import { findBrowser } from "../browser";
import { expect, test } from "../fixtures";
import { createPerson, giveCookie, startSessionOf } from "../people";
import { appUrl, httpsUrl } from "../request";
import { lookOutFor, signOut, walk, wordsOf } from "./sightings";

/** Playwright switches the cache off; here it is on, also for pages that say `no-store`. */
async function withCache(act: (browser: Browser) => Promise<void>): Promise<void> {
	const browser = await chromium.launch({
		executablePath: findBrowser(),
		ignoreDefaultArgs: ["--disable-back-forward-cache"],
		args: ["--enable-features=BackForwardCache,CacheControlNoStoreEnterBackForwardCache"],
	});
	try {
		await act(browser);
	} finally {
		await browser.close();
	}
}

/** Whether the page was taken out of the cache when it was last shown. */
async function noteRestoring(page: Page): Promise<void> {
	await page.addInitScript(() => {
		addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted }));
	});
}

const wasRestored = (page: Page) => page.evaluate(() => (window as never as { persisted?: boolean }).persisted);

test("a page that may be kept is given back from the cache, so the tests below would see it", async () => {
	const server = createServer((_, answer) => answer.end("<!doctype html><h1>kept</h1>"));
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
	const address = `http://localhost:${(server.address() as AddressInfo).port}`;
	await withCache(async (browser) => {
		const page = await browser.newPage();
		await noteRestoring(page);
		await page.goto(`${address}/one`);
		await page.goto(`${address}/two`);
		await page.evaluate(() => history.back());
		await expect.poll(() => wasRestored(page)).toBe(true);
	});
	server.closeAllConnections();
	server.close();
});

for (const [scheme, address] of Object.entries({ HTTP: appUrl, HTTPS: httpsUrl })) {
	test(`the back-forward cache gives back no page of the person who signed out, over ${scheme}`, async () => {
		await withCache(async (browser) => {
			const alice = await startSessionOf(await createPerson());
			const context = await browser.newContext({ ignoreHTTPSErrors: true });
			await giveCookie(context, alice.cookie);
			const seen = await lookOutFor(context, wordsOf(alice));
			const page = await context.newPage();
			await walk(page, address());
			await page.goto(`${address()}/pricing`);
			await walk(page, address());
			await signOut(page);
			seen.length = 0;
			for (let step = 1; step <= 5; step++) {
				await page.evaluate(() => history.back());
				await expect(page).toHaveURL(/\/sign-in\?|\/pricing/);
			}
			expect(seen).toEqual([]);
		});
	});
}
