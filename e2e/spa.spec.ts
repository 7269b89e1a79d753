/** The single-page app of docs/examples, on an origin of its own, in a real browser with several tabs. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { BrowserContext, Page } from "@playwright/test";
import { freePort } from "@/db/embedded-server";
import { ROOT } from "./build";
import { expect, test } from "./fixtures";
import { createPerson, giveCookie, startSessionOf } from "./people";
import { endOf, rowOf } from "./records";
import { appUrl, request, spaUrl } from "./request";

/** Only one test at a time can serve a page on the one port that is allowed. */
test.describe.configure({ mode: "serial" });

let server: { stop(): Promise<void> };
test.beforeAll(async () => {
	server = await serveSpa(new URL(spaUrl()).port);
});
test.afterAll(() => server.stop());

async function serveSpa(port: string): Promise<{ stop(): Promise<void> }> {
	const script = join(ROOT, "docs", "examples", "spa", "server.mjs");
	const env = { ...process.env, APP_URL: appUrl(), PORT: port };
	const child: ChildProcess = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
		env,
		stdio: ["ignore", "pipe", "inherit"],
	});
	if (child.stdout) await once(createInterface(child.stdout), "line");
	return {
		async stop() {
			const gone = once(child, "exit");
			child.kill();
			await gone;
		},
	};
}

/** How often the browser has asked for a token. */
function countRenewals(context: BrowserContext): () => number {
	let count = 0;
	context.on("request", (sent) => {
		if (sent.method() === "POST" && new URL(sent.url()).pathname === "/api/token") count++;
	});
	return () => count;
}

/** Opens the app's page in another tab of the browser. Its clock goes on by itself, and can be put forward. */
async function openSpa(context: BrowserContext, url = spaUrl()): Promise<Page> {
	const page = await context.newPage();
	await page.clock.install();
	await page.goto(url);
	return page;
}

const statusOf = (page: Page) => page.getByRole("status");
const whoAmI = (page: Page) => page.getByRole("button", { name: "Who am I?" }).click();

test("two tabs renew their token once for both before it expires, and store it nowhere", async ({ signedInAs }) => {
	const alice = await signedInAs("user", {});
	const context = alice.page.context();
	const renewals = countRenewals(context);
	const first = await openSpa(context);
	await expect(statusOf(first)).toHaveText(`You are ${alice.user.id}, user.`);
	const second = await openSpa(context);
	await expect(statusOf(second)).toHaveText(`You are ${alice.user.id}, user.`);
	expect(renewals(), "each asked whose it is").toBe(2);

	// Both are due before either is answered.
	const bothAreDue = Promise.withResolvers<void>();
	await context.route("**/api/token", async (route) => {
		await bothAreDue.promise;
		await route.continue();
	});
	await Promise.all([first, second].map((page) => page.clock.fastForward("04:10")));
	bothAreDue.resolve();
	for (const page of [first, second]) {
		await page.getByLabel("Name").fill("Alice B.");
		await page.getByRole("button", { name: "Save" }).click();
		await expect(statusOf(page)).toHaveText("Your name is Alice B. now.");
	}
	expect(renewals()).toBe(3);
	expect((await rowOf(alice.user)).name).toBe("Alice B.");

	const stored = await first.evaluate(async () => ({
		storage: { ...localStorage, ...sessionStorage },
		databases: await indexedDB.databases(),
		cookies: document.cookie,
		address: location.href,
	}));
	expect(stored).toEqual({ storage: {}, databases: [], cookies: "", address: `${spaUrl()}/` });
});

test("after a forced logout the next call signs both tabs out", async ({ signedInAs }) => {
	const alice = await signedInAs("user", {});
	const context = alice.page.context();
	const [first, second] = [await openSpa(context), await openSpa(context)];
	for (const page of [first, second]) await expect(statusOf(page)).toContainText(alice.user.id);
	const owner = await startSessionOf(await createPerson({ role: "owner" }));
	await request(`/api/admin/sessions/${alice.sessionId}`, { as: owner, method: "DELETE" });
	expect(await endOf(alice.sessionId)).toMatchObject({ reason: "forced" });

	await first.getByLabel("Name").fill("Still me");
	await first.getByRole("button", { name: "Save" }).click();
	for (const page of [first, second]) {
		await expect(statusOf(page)).toHaveText("You are signed out.");
		await expect(page.getByRole("button", { name: "Who am I?" })).toBeDisabled();
		await expect(page.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", `${appUrl()}/sign-in`);
	}
	expect((await rowOf(alice.user)).name).toBe(alice.user.name);
});

test("a tab outlives a network that is away and a server that is busy", async ({ signedInAs }) => {
	const alice = await signedInAs("user", {});
	const context = alice.page.context();
	const page = await openSpa(context);
	await expect(statusOf(page)).toContainText(alice.user.id);

	await context.route("**/api/token", (route) => route.abort("internetdisconnected"));
	await page.clock.fastForward("04:10");
	const answered = page.waitForResponse("**/api/v1/me");
	await whoAmI(page);
	expect((await answered).status(), "the token is good for a while yet").toBe(200);
	// The later route counts. Without one in between, an attempt that is still on its way would succeed.
	await context.route("**/api/token", (route) =>
		route.fulfill({
			status: 503,
			headers: { "Access-Control-Allow-Origin": spaUrl(), "Access-Control-Allow-Credentials": "true" },
		}),
	);
	await page.clock.fastForward("02:00");
	await whoAmI(page);
	await expect(statusOf(page)).toHaveText("That did not work just now. Try again.");
	await context.unrouteAll();
	await whoAmI(page);
	await expect(statusOf(page)).toContainText(alice.user.id);
});

test("when somebody else signs in in the same browser, a tab of the first person is over", async ({ signedInAs }) => {
	const alice = await signedInAs("user", {});
	const context = alice.page.context();
	const page = await openSpa(context);
	await expect(statusOf(page)).toContainText(alice.user.id);
	const bob = await startSessionOf(await createPerson());
	await giveCookie(context, bob.cookie);
	const another = await openSpa(context);
	await expect(statusOf(another)).toContainText(bob.user.id);
	await expect(statusOf(page)).toHaveText("You are signed out.");
});

test("the same page on an origin that is not allowed gets no token, and a visitor is signed out at once", async ({
	signedInAs,
	browserFor,
}) => {
	const visitor = await browserFor(null);
	await visitor.goto(spaUrl());
	await expect(statusOf(visitor)).toHaveText("You are signed out.");

	const port = await freePort();
	const foreign = await serveSpa(String(port));
	try {
		const alice = await signedInAs("user", {});
		const page = await openSpa(alice.page.context(), `http://localhost:${port}`);
		await expect(statusOf(page)).toHaveText("That did not work just now. Try again.");
	} finally {
		await foreign.stop();
	}
});
