/** Open tabs: they show who is there now and leave when nobody is, whatever was missed on the way. */
import type { Page } from "@playwright/test";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { confirm } from "./abilities";
import { type Fault, startBreakingProxy } from "./breaking-proxy";
import { expect, hold, type SignedInBrowser, test } from "./fixtures";
import { createPerson, forgetProof, giveCookie, type SignedIn, setRole, startSessionOf } from "./people";
import { appUrl, request, secondAppUrl } from "./request";

const FEED = "**/api/session/feed";

test("a change between the page and its event stream is not missed: a demoted person's console goes", async ({
	signedInAs,
}) => {
	const alice = await signedInAs("support");
	const stream = await hold(alice.page, FEED);
	await alice.page.goto("/admin/users");
	await expect(alice.page.getByRole("table", { name: "Users" })).toBeVisible();
	await stream.asked;
	await setRole(alice.user, "user");
	stream.letGo();
	await expect(alice.page.getByRole("heading", { name: "There is no page here" })).toBeVisible();
	await expect(alice.page.getByRole("table", { name: "Users" })).toHaveCount(0);
});

test("a change of name shows in an open tab, also when a navigation overtakes the refresh", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	await openDashboard(alice);
	await rename(alice, "Alice the First");
	await expect(alice.page.getByRole("heading", { level: 1 })).toHaveText("Welcome, Alice the First");

	const navigation = await hold(alice.page, (url) => url.pathname === "/settings/profile");
	await alice.page.getByRole("link", { name: "Profile" }).click();
	await navigation.asked;
	await rename(alice, "Alice the Second");
	navigation.letGo();
	await expect(alice.page).toHaveURL("/settings/profile");
	await expect(alice.page.getByText("Alice the Second")).toBeVisible();
	await expect(alice.page.getByLabel("Name")).toHaveValue("Alice the Second");
});

test("a demoted person's console goes within two seconds, also while an act of theirs waits for a proof", async ({
	signedInAs,
}) => {
	const { page, user, sessionId } = await signedInAs("owner", {});
	await forgetProof(sessionId);
	await page.clock.install();
	await page.goto("/admin/services");
	await page.getByRole("button", { name: "Rotate now" }).click();
	await expect(page.getByRole("dialog", { name: "Confirm that it is you" })).toBeVisible();
	await page.clock.pauseAt(Date.now() + 5_000);
	const refreshed = page.waitForRequest((request) => request.headers().rsc === "1");
	await setRole(user, "user");
	await refreshed;

	const document = await hold(page, (url) => url.pathname === "/admin/services");
	const closed = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/api/session/feed"));
	// The rest of the two seconds is for the document.
	await page.clock.runFor(1_500);
	await document.asked;
	// However long that takes, nothing asks for it a second time.
	await closed;
	document.letGo();
	await page.clock.resume();
	await expect(page.getByRole("heading", { name: "There is no page here" })).toBeVisible();
});

test("where nothing is in the way, a new role shows without loading the document anew", async ({ signedInAs }) => {
	const { page, user } = await signedInAs("admin", {});
	await page.clock.install();
	await page.goto("/dashboard");
	await page.getByRole("button", { name: "Account menu" }).click();
	const way = page.getByRole("link", { name: "Console" });
	await expect(way).toBeVisible();
	await page.clock.pauseAt(Date.now() + 5_000);
	const loads: string[] = [];
	page.on("request", (request) => request.isNavigationRequest() && loads.push(request.url()));
	await setRole(user, "user");
	await expect(way).toHaveCount(0);
	const asked = page.waitForResponse("**/api/session");
	await page.clock.runFor(1_500);
	await asked;
	await page.clock.runFor(10_000);
	expect(loads).toEqual([]);
});

test("what was open before a demotion does not come back with Back", async ({ signedInAs }) => {
	const alice = await signedInAs("support");
	await alice.page.goto("/admin/users");
	await alice.page.getByRole("link", { name: "Audit log", exact: true }).click();
	await expect(alice.page.getByRole("table", { name: "Audit log" })).toBeVisible();
	await setRole(alice.user, "user");
	await expect(alice.page.getByRole("heading", { name: "There is no page here" })).toBeVisible();
	await alice.page.goBack();
	await expect(alice.page.getByRole("heading", { name: "There is no page here" })).toBeVisible();
	await expect(alice.page.getByRole("table", { name: "Users" })).toHaveCount(0);
});

test("while it leaves, a page is covered: nothing of it is seen, focused or read out", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	await listenOnDashboard(alice);
	const question = await hold(alice.page, (url) => url.pathname === "/api/session");
	await signOut(alice);
	const cover = alice.page.getByRole("dialog", { name: "You were signed out." });
	await expect(cover).toBeVisible();
	await question.asked;

	const { width, height } = alice.page.viewportSize() as { width: number; height: number };
	const isCovered = ([x, y]: number[]) => document.elementFromPoint(x ?? 0, y ?? 0)?.closest("dialog") !== null;
	for (const point of [
		[1, 1],
		[width - 2, 1],
		[width / 2, height / 2],
		[40, height - 40],
	]) {
		expect(await alice.page.evaluate(isCovered, point)).toBe(true);
	}
	for (let count = 0; count < 5; count++) {
		await alice.page.keyboard.press("Tab");
		expect(await alice.page.evaluate(() => document.activeElement?.closest("main, nav, header, aside"))).toBeNull();
	}
	// The first may be refused, by the rules of the web, but not the second.
	for (let count = 0; count < 3; count++) await alice.page.keyboard.press("Escape");
	expect(await cover.evaluate((dialog) => dialog.matches(":modal"))).toBe(true);
	expect(await readOut(alice.page)).toContain("You were signed out.");
	expect(await readOut(alice.page)).not.toContain(alice.user.name);

	question.letGo();
	await expect(alice.page).toHaveURL(/\/sign-in\?next=%2Fdashboard$/);
});

test("while a form that ends the session is on its way, nothing covers or leaves the page", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	await openDashboard(alice);
	const form = await hold(alice.page, "**/sign-out");
	await alice.page.getByRole("button", { name: "Account menu" }).click();
	await alice.page.getByRole("button", { name: "Sign out" }).click({ noWaitAfter: true });
	await form.asked;
	const asked: string[] = [];
	alice.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
	await signOut(alice);
	form.letGo();
	await expect(alice.page).toHaveURL("/sign-in");
	expect(asked).not.toContain("/api/session");
	expect(asked.filter((path) => path === "/sign-in")).toHaveLength(1);
});

test("without a server to go to, the page stays covered, says so, and leaves as soon as there is one", async ({
	signedInAs,
}) => {
	const alice = await signedInAs("user");
	await listenOnDashboard(alice);
	const away = (url: URL) => ["/api/session", "/sign-in"].includes(url.pathname);
	await alice.page.route(away, (route) => route.abort());
	await signOut(alice);
	await expect(alice.page.getByRole("dialog")).toContainText("The server cannot be reached right now.");
	await expect(alice.page.getByRole("button", { name: "Go to sign-in" })).toBeVisible();
	await alice.page.unroute(away);
	await expect(alice.page).toHaveURL(/\/sign-in\?next=%2Fdashboard$/);
});

for (const [what, act] of [
	["Back", (page: Page) => page.goBack()],
	["getting the focus", (page: Page) => dispatch(page, "focus")],
	["being shown again", (page: Page) => dispatch(page, "pageshow")],
] as const) {
	test(`${what} makes a tab ask at once, without stream or timer`, async ({ signedInAs }) => {
		const alice = await signedInAs("user", {});
		await alice.page.clock.install();
		await alice.page.route(FEED, (route) => route.abort());
		await openDashboard(alice);
		await alice.page.getByRole("link", { name: "Profile" }).click();
		await expect(alice.page.getByLabel("Name")).toBeVisible();
		await alice.page.clock.pauseAt(Date.now() + 60_000);
		await signOut(alice);
		await act(alice.page);
		await expect(alice.page).toHaveURL(/\/sign-in\?next=/);
		await expect(alice.page.getByText(alice.user.email)).toHaveCount(0);
	});
}

/** What it answers is lost when the page has left by then, which is for the test to see. */
async function dispatch(page: Page, type: "focus" | "pageshow"): Promise<void> {
	await page.evaluate((type) => window.dispatchEvent(new Event(type)), type).catch(() => {});
}

test("a tab in the background holds no connection and runs no timer, and asks when it is seen again", async ({
	signedInAs,
}) => {
	const alice = await signedInAs("support");
	await countTimers(alice.page);
	const opened = alice.page.waitForRequest(FEED);
	await alice.page.goto("/admin/sessions");
	await opened;
	const closed = alice.page.waitForEvent("requestfailed", (request) => request.url().endsWith("/api/session/feed"));
	await setHidden(alice.page, true);
	await closed;
	await expect.poll(() => alice.page.evaluate(() => (window as never as { timers: Set<number> }).timers.size)).toBe(0);

	await signOut(alice);
	await setHidden(alice.page, false);
	await expect(alice.page).toHaveURL(/\/sign-in\?next=%2Fadmin%2Fsessions$/);
});

for (const fault of ["hold", "refuse", "cut"] satisfies Fault[]) {
	test(`behind a proxy that breaks streams (${fault}) a tab still leaves by itself`, async ({ signedInAs }) => {
		const proxy = await startBreakingProxy(fault);
		const alice = await signedInAs("user");
		await openDashboard(alice, proxy.url);
		await expect.poll(() => proxy.polls).toBeGreaterThan(1);
		await rename(alice, "Alice the Renamed");
		await expect(alice.page.getByRole("heading", { level: 1 })).toHaveText("Welcome, Alice the Renamed");
		await signOut(alice);
		await expect(alice.page).toHaveURL(`${proxy.url}/sign-in?next=%2Fdashboard`);
		proxy.close();
	});
}

test("polling stops when streams get through again", async ({ signedInAs }) => {
	const proxy = await startBreakingProxy("refuse");
	const alice = await signedInAs("user", {});
	await alice.page.clock.install();
	await openDashboard(alice, proxy.url);
	await expect.poll(() => proxy.polls).toBeGreaterThan(1);
	proxy.fault = "pass";
	const { streams } = proxy;
	await alice.page.clock.runFor(31_000);
	await expect.poll(() => proxy.streams).toBeGreaterThan(streams);
	await rename(alice, "Alice by Stream");
	await expect(alice.page.getByRole("heading", { level: 1 })).toHaveText("Welcome, Alice by Stream");
	// Once more, after a change, it does ask whether the page has caught up.
	const pollsInTenSeconds = async () => {
		const { polls } = proxy;
		for (let count = 0; count < 5; count++) {
			await alice.page.clock.runFor(2_000);
			await alice.page.evaluate(() => fetch("/api/health"));
		}
		return proxy.polls - polls;
	};
	await expect.poll(pollsInTenSeconds).toBe(0);
	proxy.close();
});

test("streams of an ended session are closed within a second on every instance, and a reconnect is refused", async ({
	signedInAs,
}) => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await signedInAs("user");
	const streams = await Promise.all(
		[appUrl(), secondAppUrl()].map((on) => request("/api/session/feed", { as: alice, on })),
	);
	const readers = streams.map((stream) => (stream.body as ReadableStream<Uint8Array>).getReader());
	for (const reader of readers) {
		expect(new TextDecoder().decode((await reader.read()).value)).toContain("event: session");
	}
	const ends = readers.map(async (reader) => {
		let last = "";
		for (;;) {
			const { value, done } = await reader.read();
			if (done) return { last, at: performance.now() };
			last = new TextDecoder().decode(value);
		}
	});
	const answer = await request(`/api/admin/sessions/${alice.sessionId}`, { as: admin, method: "DELETE" });
	expect(answer.status).toBe(204);
	const since = performance.now();
	for (const end of await Promise.all(ends)) {
		expect(end.last).toContain("event: ended");
		expect(end.at - since).toBeLessThan(1_000);
	}
	for (const on of [appUrl(), secondAppUrl()]) {
		expect((await request("/api/session/feed", { as: alice, on })).status).toBe(401);
	}
});

test("hundreds of open streams cost the database no connection, and all of them are closed within a second", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await createPerson();
	const devices = await Promise.all(Array.from({ length: 30 }, () => startSessionOf(alice)));
	const streams = await Promise.all(
		devices.flatMap((as) =>
			Array.from({ length: 10 }, (_, tab) =>
				request("/api/session/feed", { as, on: tab % 2 ? appUrl() : secondAppUrl() }),
			),
		),
	);
	const ends = streams.map(async (stream) => ({ text: await stream.text(), at: performance.now() }));
	expect(streams.filter(({ status }) => status === 200)).toHaveLength(300);
	// Whatever runs beside this test: the pools of all instances, and one ear for each of them.
	expect(await connectionsOf("kickoff%")).toBeLessThan(100);
	expect(await connectionsOf("kickoff feed")).toBeLessThanOrEqual(3);

	const answer = await request(`/api/admin/users/${alice.id}/sessions`, { as: admin, method: "DELETE" });
	expect(await answer.json()).toEqual({ ended: 30 });
	const since = performance.now();
	for (const { text, at } of await Promise.all(ends)) {
		expect(text).toMatch(/^event: session\n.*event: ended\ndata: \n\n$/s);
		expect(at - since).toBeLessThan(1_000);
	}
});

test("when an impersonation begins in one tab, the others show nothing of the admin any more", async ({
	twoBrowsers,
}) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	const [other, console] = [await admin.page.context().newPage(), await admin.page.context().newPage()];
	await other.goto("/settings/profile");
	await expect(other.getByLabel("Name")).toHaveValue(admin.user.name);
	await console.goto("/admin/users");
	await expect(console.getByRole("table", { name: "Users" })).toBeVisible();
	await admin.page.goto(`/admin/users/${alice.user.id}`);
	await confirm(admin.page, "Impersonate", "To see what they see");
	await expect(admin.page).toHaveURL("/dashboard");
	await expect(other).toHaveURL("/dashboard");
	await expect(other.getByRole("region", { name: "Impersonation" })).toBeVisible();
	// It may have noticed by fetching itself anew: then there is no such page, for the person that is impersonated.
	const gone = console.getByRole("heading", { name: "There is no page here" });
	await expect(console.getByRole("region", { name: "Impersonation" }).or(gone)).toBeVisible();
	await expect(console.getByRole("table", { name: "Users" })).toHaveCount(0);
});

test("when its session was replaced by one of the same person, a tab goes on as that, with what was typed", async ({
	signedInAs,
}) => {
	const alice = await signedInAs("user");
	await alice.page.goto("/settings/profile");
	await alice.page.getByLabel("Name").fill("Typed before");
	await giveCookie(alice.page.context(), (await startSessionOf(alice.user)).cookie);
	await signOut(alice);
	await expect(alice.page.getByText("We kept what you had typed.")).toBeVisible();
	await expect(alice.page).toHaveURL("/settings/profile");
	await expect(alice.page.getByLabel("Name")).toHaveValue("Typed before");
});

async function openDashboard({ page, user }: SignedInBrowser, on = appUrl()): Promise<void> {
	await page.goto(`${on}/dashboard`);
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Welcome, ${user.name}`);
}

/** The same, and waits until the page listens. */
async function listenOnDashboard(browser: SignedInBrowser): Promise<void> {
	const listening = browser.page.waitForResponse(FEED);
	await openDashboard(browser);
	await listening;
}

async function rename({ user }: SignedIn, name: string): Promise<void> {
	await db.update(users).set({ name }).where(eq(users.id, user.id));
}

/** How many connections to our database bear this name. */
async function connectionsOf(name: string): Promise<number> {
	const { rows } = await db.execute(sql`
		select from pg_stat_activity where datname = current_database() and application_name like ${name}
	`);
	return rows.length;
}

/** Ends the session elsewhere: this browser's cookie stays. */
async function signOut(session: SignedIn): Promise<void> {
	await request("/sign-out", { as: session, method: "POST" });
	expect(await db.$count(sessions, eq(sessions.id, session.sessionId))).toBe(0);
}

/** Everything that a screen reader could say. */
async function readOut(page: Page): Promise<string> {
	const devtools = await page.context().newCDPSession(page);
	const { nodes } = await devtools.send("Accessibility.getFullAXTree");
	return nodes.map((node) => (node.ignored ? "" : node.name?.value)).join("\n");
}

/** Lets the page believe that it is in the background, or to be seen again. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
	await page.evaluate((hidden) => {
		Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
		document.dispatchEvent(new Event("visibilitychange"));
	}, hidden);
}

/** Keeps the ids of all timers that are running in `window.timers`. */
async function countTimers(page: Page): Promise<void> {
	await page.addInitScript(() => {
		const timers = new Set<unknown>();
		Object.assign(window, { timers });
		const { setTimeout: later, setInterval: often, clearTimeout: not, clearInterval: never } = window;
		window.setTimeout = ((act: () => void, ...rest: []) => {
			const id = later(
				() => {
					timers.delete(id);
					act();
				},
				...rest,
			);
			timers.add(id);
			return id;
		}) as typeof later;
		window.setInterval = ((...all: Parameters<typeof often>) => {
			const id = often(...all);
			timers.add(id);
			return id;
		}) as typeof often;
		const stop = (end: (id?: number) => void) =>
			((id?: number) => {
				timers.delete(id);
				end.call(window, id);
			}) as typeof not;
		window.clearTimeout = stop(not);
		window.clearInterval = stop(never);
	});
}
