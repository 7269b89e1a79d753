/**
 * After signing out, nothing of the person is left in the browser: not on the page, not in storage or caches, not in the
 * router's memory, not in pages that are kept for Back, over HTTP and over HTTPS. (OWASP ASVS 5.0, V14.3.1 and V14.3.3.)
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page, Request } from "@playwright/test";
import { keepingPages } from "../browser";
import { expect, test } from "../fixtures";
import { createPerson, giveCookie, startSessionOf } from "../people";
import { appUrl, httpsUrl, request } from "../request";
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

for (const [scheme, address] of Object.entries({ HTTP: appUrl, HTTPS: httpsUrl })) {
	test(`over ${scheme}, a page that the browser kept for Back shows nobody whose session ended meanwhile`, async ({
		playwright,
		launchOptions,
	}) => {
		const browser = await playwright.chromium.launch({ ...launchOptions, ...keepingPages() });
		const elsewhere = await startPlainSite();
		const context = await browser.newContext({ ignoreHTTPSErrors: true });
		const alice = await createPerson();
		const support = await startSessionOf(await createPerson({ role: "support" }));
		const seen = await lookOutFor(context, wordsOf({ user: alice }));
		const [page, other] = [await context.newPage(), await context.newPage()];
		const kept = await notePagesKept(page);
		// Playwright's own goBack waits for a page to load, which one that was kept does not.
		const back = () => page.evaluate(() => void setTimeout(() => history.back()));
		await page.goto(`${elsewhere.url}/plain`);
		await page.goto(elsewhere.url);
		await back();
		await expect(page.getByRole("heading")).toHaveText("Kept");

		/** Goes elsewhere from a page whose scripts have heard nothing yet: Chromium keeps no other that is "no-store". */
		const leaveDashboard = async () => {
			await giveCookie(context, (await startSessionOf(alice)).cookie);
			await page.route("**", (route) => (isAskedByScript(route.request()) ? route.abort() : route.continue()));
			await page.goto(`${address()}/dashboard`);
			await page.goto(elsewhere.url);
			await page.unroute("**");
		};
		await leaveDashboard();
		await back();
		await expect(page.getByRole("heading", { level: 1 })).toContainText(alice.name);

		// The browser may let go of a page for reasons of its own.
		for (kept.length = 0; kept.length === 0; ) {
			await leaveDashboard();
			await request(`/api/admin/users/${alice.id}/sessions`, { as: support, method: "DELETE" });
			seen.length = 0;
			await back();
			await expect(page).toHaveURL(/\/sign-in\?next=%2Fdashboard$/);
			expect(seen).toEqual([]);
		}

		await leaveDashboard();
		await other.goto(`${address()}/dashboard`);
		await signOut(other);
		seen.length = 0;
		await back();
		await expect(page).toHaveURL(/\/sign-in\?next=%2Fdashboard$/);
		expect(seen).toEqual([]);
		await browser.close();
		elsewhere.stop();
	});
}

test("after signing out, nothing is stored in the browser", async ({ signedInAs }) => {
	const { page } = await signedInAs("user", {});
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
	const page = await browserFor(alice, {});
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

const isAskedByScript = (request: Request) => ["fetch", "eventsource"].includes(request.resourceType());

/** Gives a list of the pages that Back brings back as they were. */
async function notePagesKept(page: Page): Promise<string[]> {
	const kept: string[] = [];
	const session = await page.context().newCDPSession(page);
	session.on("Page.frameNavigated", ({ frame, type }) => {
		if (type === "BackForwardCacheRestore") kept.push(frame.url);
	});
	await session.send("Page.enable");
	return kept;
}

/** A site of others, whose pages every browser may keep, and which say so when they were. */
async function startPlainSite() {
	const script = 'onpageshow = ({ persisted }) => persisted && (document.querySelector("h1").textContent = "Kept")';
	const server = createServer((_request, answer) => {
		answer.setHeader("Content-Type", "text/html").end(`<h1>New</h1><script>${script}</script>`);
	});
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
	return { url: `http://localhost:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}

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
