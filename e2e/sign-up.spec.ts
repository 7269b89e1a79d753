/** Creating an account: the form says the same to everyone, and the mail tells. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { linkIn, mailsTo, mailTo } from "./mail";
import { createPerson, forgetAttempts, PASSWORD } from "./people";
import { accountsWith, liveSessionsOf, rowOf } from "./records";
import { secondAppUrl } from "./request";

const newAddress = () => `new-${crypto.randomUUID().slice(0, 8)}@example.com`;

test("a visitor creates an account, opens the link in the mail, and is signed in", async ({ page, context }) => {
	const email = newAddress();
	await page.goto("/sign-up");
	await signUp(page, { name: "Zoë Müller", email });
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your mail");
	expect(await context.cookies()).toEqual([]);
	expect(await accountsWith([email])).toBe(1);

	const mail = await mailTo(email, "Confirm your e-mail address");
	expect(mail.html).toContain("Zoë Müller");
	await page.goto(linkIn(mail));
	await expect(page).toHaveURL("/verify-email");
	await expect(page.getByText(email)).toBeVisible();
	await page.getByLabel("Password", { exact: true }).fill("not the password");
	await page.getByRole("button", { name: "Confirm and continue" }).click();
	await expect(page.getByRole("listitem").filter({ hasText: "not the password that was chosen" })).toBeVisible();
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Confirm and continue" }).click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Welcome, Zoë Müller");
	expect((await context.cookies()).map(({ name }) => name)).toEqual([expect.stringMatching(/^__Host-session/)]);

	await page.goto(linkIn(mail));
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link no longer works");
});

test("a taken address is answered like a free one, on the page and in the cookies, and its owner is told", async ({
	browserFor,
}) => {
	const alice = await createPerson({ password: PASSWORD });
	const before = await rowOf(alice);
	const answers = [];
	for (const email of [alice.email.toUpperCase(), newAddress()]) {
		const page = await browserFor(null);
		await page.goto("/sign-up");
		await signUp(page, { name: "Somebody", email, password: "a quite different sentence" });
		await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your mail");
		const text = await page.locator("main").textContent();
		answers.push({ url: page.url(), text, cookies: await page.context().cookies() });
	}
	expect(answers[0]).toEqual(answers[1]);
	await mailTo(alice.email, "You already have an account");
	expect(await rowOf(alice)).toEqual(before);
	expect(await liveSessionsOf(alice)).toEqual([]);
});

test("an account whose address is not verified is refused at sign-in in the words for a wrong password", async ({
	page,
}) => {
	const email = newAddress();
	await page.goto("/sign-up");
	await signUp(page, { name: "Zoë", email });
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your mail");
	await page.goto("/sign-in");
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toHaveText(
		"That e-mail and password do not match an active account.",
	);
});

test("a common password and a bad address are refused beside their fields", async ({ page }) => {
	await page.goto("/sign-up");
	await page.getByLabel("Name").fill("Alice again");
	for (const { email, password, message } of [
		{ email: "new@example.com", password: "password123", message: "one of the first that anyone would try" },
		{ email: "new@example", password: PASSWORD, message: "Enter an e-mail address" },
	]) {
		await page.getByLabel("Email").fill(email);
		await page.getByLabel("Password", { exact: true }).fill(password);
		await page.getByRole("button", { name: "Create account" }).click();
		await expect(page.getByRole("listitem").filter({ hasText: message })).toBeVisible();
		await expect(page.getByLabel("Name")).toHaveValue("Alice again");
	}
	expect(await accountsWith(["new@example.com", "new@example"])).toBe(0);
});

test("an address in Unicode and capitals belongs to one account, by whichever spelling", async ({ browserFor }) => {
	const mark = crypto.randomUUID().slice(0, 8);
	const page = await browserFor(null);
	await page.goto("/sign-up");
	// The browser's own check knows no Unicode before the @; the product's does.
	await page.locator("form").evaluate((form: HTMLFormElement) => form.setAttribute("novalidate", ""));
	await signUp(page, { name: "Jürgen", email: `Jürgen-${mark}@BÜCHER.example` });
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your mail");
	await page.goto("/sign-up");
	await page.locator("form").evaluate((form: HTMLFormElement) => form.setAttribute("novalidate", ""));
	await signUp(page, { name: "Jürgen", email: `ju\u0308rgen-${mark}@xn--bcher-kva.example` });
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your mail");
	expect(await accountsWith([`jürgen-${mark}@xn--bcher-kva.example`])).toBe(1);
});

test("twenty simultaneous sign-ups with one address make one account and no error", async ({ page }) => {
	const email = `race-${crypto.randomUUID().slice(0, 8)}@example.com`;
	await forgetAttempts("sign-up-address");
	await page.goto("/sign-up");
	const caught = page.waitForRequest((request) => request.method() === "POST");
	await page.route("**/sign-up", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
	await signUp(page, { name: "Twenty", email });
	const sent = await caught;

	const headers = { ...(await sent.allHeaders()) };
	for (const name of Object.keys(headers)) if (name.startsWith(":")) delete headers[name];
	const body = sent.postDataBuffer() as unknown as BodyInit;
	const answers = await Promise.all(
		Array.from({ length: 20 }, (_, index) => {
			const url = index % 2 ? sent.url() : new URL("/sign-up", secondAppUrl());
			const own = { ...headers, origin: new URL(url).origin };
			return fetch(url, { method: "POST", headers: own, body, redirect: "manual" });
		}),
	);
	expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
	expect(answers.filter(({ status }) => status >= 400)).toEqual([]);
	expect(answers.filter(({ headers }) => headers.getSetCookie().length > 0)).toEqual([]);
	expect(await accountsWith([email])).toBe(1);
	await mailTo(email, "Confirm your e-mail address");
	expect((await mailsTo(email)).length).toBeLessThanOrEqual(5);
});

async function signUp(
	page: Page,
	{ name, email, password = PASSWORD }: { name: string; email: string; password?: string },
): Promise<void> {
	await page.getByLabel("Name").fill(name);
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(password);
	await page.getByRole("button", { name: "Create account" }).click();
}
