/** Watching for words of a person on every page that a browser shows, from its first moment on. */
import { type BrowserContext, expect, type Page } from "@playwright/test";
import type { SignedIn } from "../people";

export const wordsOf = ({ user }: Pick<SignedIn, "user">) => [user.name, user.email, user.id];

/** Gives a list that grows whenever a document shows one of the words, restored ones included. Call it before the first page. */
export async function lookOutFor(context: BrowserContext, words: string[]): Promise<string[]> {
	const seen: string[] = [];
	await context.exposeFunction("noteSighting", (sighting: string) => {
		seen.push(sighting);
	});
	await context.addInitScript((words) => {
		const look = () => {
			const root = document.documentElement;
			const text = root?.checkVisibility() ? root.outerHTML : "";
			const word = words.find((word) => text.includes(word));
			if (word) (window as never as { noteSighting(text: string): void }).noteSighting(`${word} at ${location.href}`);
		};
		new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
		for (const event of ["pageshow", "popstate"]) addEventListener(event, look);
	}, words);
	return seen;
}

/** Walks through pages of the person by clicks, so that the router has them in memory. */
export async function walk(page: Page, on = ""): Promise<void> {
	await page.goto(`${on}/dashboard`);
	for (const name of ["Profile", "Security"]) {
		await page.getByRole("link", { name, exact: true }).first().click();
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
	}
}

export async function signOut(page: Page): Promise<void> {
	await page.getByRole("button", { name: "Account menu" }).click();
	await page.getByRole("button", { name: "Sign out" }).click();
	await expect(page).toHaveURL(/\/sign-in$/);
}
