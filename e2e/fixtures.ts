/**
 * What tests are written with: browsers in which somebody is signed in. Every test makes its own people, so tests run
 * in any order and at the same time. How to use it: README.md.
 */
import { type BrowserContext, type BrowserContextOptions, test as base, type Page } from "@playwright/test";
import { connections } from "@/db/client";
import type { Role } from "@/lib/permissions/matrix";
import { createPerson, giveCookie, type SignedIn, startSessionOf } from "./people";

export { expect } from "@playwright/test";

/** A browser of its own in which this person is signed in. */
export interface SignedInBrowser extends SignedIn {
	page: Page;
}

interface Fixtures {
	/** A new person with this role, signed in, in a browser of their own. */
	signedInAs(role: Role, options?: BrowserContextOptions): Promise<SignedInBrowser>;
	/** Two of them, as the main job needs. */
	twoBrowsers(first: Role, second: Role): Promise<[SignedInBrowser, SignedInBrowser]>;
	/** A browser for a session that exists; null for a visitor. With options, even empty ones, it has a past of its own. */
	browserFor(session: SignedIn | null, options?: BrowserContextOptions): Promise<Page>;
}

interface WorkerFixtures {
	/** Browsers of earlier tests, emptied: unlike new ones, they know the scripts already. */
	spareBrowsers: BrowserContext[];
	databaseConnections: void;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
	browserFor: async ({ browser, spareBrowsers, contextOptions, baseURL }, use) => {
		const lent: BrowserContext[] = [];
		const special: BrowserContext[] = [];
		await use(async (session, options) => {
			const spare = options ? undefined : spareBrowsers.pop();
			const context = spare ?? (await browser.newContext({ ...contextOptions, baseURL, ...options }));
			(options ? special : lent).push(context);
			if (!options) refuseWhatStays(context);
			if (session) await giveCookie(context, session.cookie);
			return context.newPage();
		});
		await Promise.all([...special.map((context) => context.close()), ...lent.map(empty)]);
		spareBrowsers.push(...lent);
	},
	signedInAs: async ({ browserFor }, use) => {
		await use(async (role, options) => {
			const session = await startSessionOf(await createPerson({ role }));
			return { ...session, page: await browserFor(session, options) };
		});
	},
	twoBrowsers: async ({ signedInAs }, use) => {
		await use((first, second) => Promise.all([signedInAs(first), signedInAs(second)]));
	},
	spareBrowsers: [async ({}, use) => use([]), { scope: "worker" }],
	databaseConnections: [
		async ({}, use) => {
			await use();
			await connections.end();
		},
		{ scope: "worker", auto: true },
	],
});

/** What cannot be taken back must not be done to a browser that goes on to the next test. */
function refuseWhatStays(context: BrowserContext): void {
	const refuse = () => {
		throw new Error("This stays in the browser: ask for a new one, as with signedInAs(role, {}).");
	};
	Object.assign(context, { addInitScript: refuse, exposeBinding: refuse, exposeFunction: refuse });
	Object.assign(context.clock, { install: refuse, pauseAt: refuse, setFixedTime: refuse, setSystemTime: refuse });
}

/** What a test may listen to. The rest stays: Playwright itself hears that way of a context's end. */
const EVENTS = ["console", "dialog", "page", "request", "requestfailed", "requestfinished", "response", "weberror"];

/** Leaves nothing of a test in its browser but what it fetched for everyone: scripts, styles and fonts. */
async function empty(context: BrowserContext): Promise<void> {
	await Promise.all(context.pages().map((page) => page.close()));
	for (const event of EVENTS) context.removeAllListeners(event);
	await context.unrouteAll();
	await context.setStorageState({ cookies: [], origins: [] });
}

/** Keeps pages opened from now on from noticing by themselves that their session ended: the next click has to. */
export async function deafen(page: Page): Promise<void> {
	await page.route(/\/api\/session(\/feed)?$/, (route) => route.abort());
}

/** Holds requests back until they are let go. */
export async function hold(page: Page, which: string | ((url: URL) => boolean)) {
	const asked = Promise.withResolvers<void>();
	const go = Promise.withResolvers<void>();
	await page.route(which, async (route) => {
		asked.resolve();
		await go.promise;
		await route.continue();
	});
	return { asked: asked.promise, letGo: go.resolve };
}
