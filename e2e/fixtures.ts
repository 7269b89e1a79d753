/**
 * What tests are written with: browsers in which somebody is signed in. Every test makes its own people, so tests run
 * in any order and at the same time. How to use it: README.md.
 */
import { type BrowserContextOptions, test as base, type Page } from "@playwright/test";
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
	/** A browser for a session that exists; null for a visitor. */
	browserFor(session: SignedIn | null, options?: BrowserContextOptions): Promise<Page>;
}

export const test = base.extend<Fixtures, { databaseConnections: void }>({
	browserFor: async ({ browser, contextOptions, baseURL }, use) => {
		const contexts: { close(): Promise<void> }[] = [];
		await use(async (session, options) => {
			const context = await browser.newContext({ ...contextOptions, baseURL, ...options });
			contexts.push(context);
			if (session) await giveCookie(context, session.cookie);
			return context.newPage();
		});
		await Promise.all(contexts.map((context) => context.close()));
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
	databaseConnections: [
		async ({}, use) => {
			await use();
			await connections.end();
		},
		{ scope: "worker", auto: true },
	],
});

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
