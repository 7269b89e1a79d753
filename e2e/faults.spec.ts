/**
 * The database goes away, falls silent, is read-only or full, and comes back; the instance is killed half-way. Nothing is
 * revealed, nothing is half done, nobody is signed out, and all goes on by itself.
 */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { type Lonely, startLonely } from "./lonely";
import { giveCookie, PASSWORD } from "./people";
import { request } from "./request";

test.describe.configure({ mode: "serial" });

let lonely: Lonely;
let on: string;
test.beforeAll(async () => {
	lonely = await startLonely();
	on = lonely.url;
});
test.afterAll(() => lonely.end());

test("without its database, protected pages and the API answer 503 and reveal nothing", async () => {
	const { email, cookie } = await lonely.tell("person");
	expect(await statusOf("/dashboard", cookie)).toBe(200);
	await lonely.tell("stop");
	for (const path of ["/dashboard", "/settings/security", "/admin", "/admin/users", "/dashboard?_rsc"]) {
		const headers: Record<string, string> = path.includes("_rsc") ? { RSC: "1" } : {};
		const answer = await request(path, { as: { cookie }, on, headers });
		expect(answer.status, path).toBe(503);
		expect(answer.headers.get("retry-after"), path).toBe("5");
		expect(answer.headers.get("cache-control"), path).toBe("private, no-store");
		expect(await answer.text(), path).not.toContain(email);
	}
	for (const path of ["/api/session", "/api/admin/users"]) {
		const answer = await request(path, { as: { cookie }, on });
		expect(answer.status, path).toBe(503);
		expect(answer.headers.get("retry-after"), path).toBe("5");
		expect(answer.headers.get("content-type"), path).toContain("application/problem+json");
		expect(await answer.json(), path).toMatchObject({ code: "unavailable" });
	}
	expect((await request("/api/health", { on })).status).toBe(503);
	expect((await request("/", { on })).status).toBe(200);
	expect((await request("/sign-in", { on })).status).toBe(200);
	expect((await request("/dashboard", { on })).status).toBe(307);
	await lonely.tell("start");
	await expect.poll(() => statusOf("/dashboard", cookie)).toBe(200);
});

test("a page that could not be shown comes by itself when the database is back", async ({ page }) => {
	const { name } = await signedIn(page);
	await lonely.tell("stop");
	await page.goto(`${on}/settings/profile`);
	await expect(page.getByRole("heading", { name: "Back in a moment" })).toBeVisible();
	await lonely.tell("start");
	await expect(page.getByLabel("Name")).toHaveValue(name);
});

test("an open page stays, says so when something is sent, and works on afterwards", async ({ page }) => {
	const { name } = await signedIn(page);
	await page.goto(`${on}/settings/profile`);
	await page.getByLabel("Name").fill("Typed meanwhile");
	await lonely.tell("stop");
	await page.getByRole("button", { name: "Save" }).click();
	await expect(alert(page)).toHaveText(/could not be reached/);
	await expect(page.getByLabel("Name")).toHaveValue("Typed meanwhile");
	await expect(page).toHaveURL(`${on}/settings/profile`);
	await lonely.tell("start");
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page.getByText("Your profile was saved.")).toBeVisible();
	await page.goto(`${on}/dashboard`);
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Welcome, Typed meanwhile");
	expect(name).not.toBe("Typed meanwhile");
});

test("whoever signs in meanwhile reads why it did not work, and need not type the address again", async ({ page }) => {
	const { email } = await lonely.tell("person");
	await page.goto(`${on}/sign-in`);
	for (const [fault, end] of [
		["stop", "start"],
		["read-only", "writable"],
	] as const) {
		await lonely.tell(fault);
		await page.getByLabel("Email").fill(email);
		await signInWith(page, PASSWORD);
		await expect(alert(page)).toHaveText(/cannot be reached|read-only/);
		await expect(page.getByLabel("Email")).toHaveValue(email);
		await expect(page.getByLabel("Password")).toHaveValue("");
		await lonely.tell(end);
	}
	await signInWith(page, PASSWORD);
	await expect(page).toHaveURL(`${on}/dashboard`);
});

test("a database that does not answer is given up on, instead of trusting what was known last", async () => {
	const { cookie } = await lonely.tell("person");
	await lonely.tell("freeze");
	expect(await statusOf("/dashboard", cookie)).toBe(503);
	expect(await statusOf("/api/session", cookie)).toBe(503);
	await lonely.tell("thaw");
	await expect.poll(() => statusOf("/dashboard", cookie)).toBe(200);
});

test("a database that pauses under full load is given up on, and served from again when it goes on", async () => {
	const { cookie } = await lonely.tell("person");
	for (const [fault, end] of [
		["pause", "resume"],
		["hold-users", "release"],
	] as const) {
		await lonely.tell(fault);
		const statuses = await Promise.all(Array.from({ length: 30 }, () => statusOf("/api/session", cookie)));
		expect(new Set(statuses), fault).toEqual(new Set([503]));
		await lonely.tell(end);
		await expect.poll(() => statusOf("/api/session", cookie), fault).toBe(200);
	}
});

test("where nothing may be written, everything can be read, and an act says so and changes nothing", async ({
	page,
}) => {
	const { cookie, id, name } = await signedIn(page);
	await lonely.tell("read-only");
	await page.goto(`${on}/settings/profile`);
	await page.getByLabel("Name").fill("Typed meanwhile");
	await page.getByRole("button", { name: "Save" }).click();
	await expect(alert(page)).toHaveText(/Nothing can be changed right now: the database is read-only/);
	await expect(page.getByLabel("Name")).toHaveValue("Typed meanwhile");
	const answer = await request(`/api/admin/users/${id}/sessions`, { as: { cookie }, on, method: "DELETE" });
	expect(answer.status).toBe(503);
	expect(answer.headers.get("retry-after")).toBe("5");
	expect(await answer.json()).toMatchObject({ code: "unavailable" });
	expect(await nameBehind(cookie)).toBe(name);
	await lonely.tell("writable");
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page.getByText("Your profile was saved.")).toBeVisible();
});

test("when others hold all of its connections, nobody is served, and nobody is signed out by it", async ({ page }) => {
	const { cookie } = await signedIn(page);
	await page.goto(`${on}/dashboard`);
	await lonely.tell("exhaust");
	expect(await statusOf("/dashboard", cookie)).toBe(503);
	expect(await statusOf("/api/session", cookie)).toBe(503);
	await page.evaluate(() => window.dispatchEvent(new Event("focus")));
	await page.getByRole("link", { name: "Profile" }).first().click();
	await expect(page.getByRole("heading", { name: "Back in a moment" })).toBeVisible();
	await lonely.tell("release");
	await expect(page.getByLabel("Name")).toBeVisible();
	expect(await statusOf("/dashboard", cookie)).toBe(200);
});

test("an open tab stays through a restart of the database, and afterwards still hears that its session ended", async ({
	page,
}) => {
	const { sessionId } = await signedIn(page);
	const listening = page.waitForResponse((response) => response.url().endsWith("/api/session/feed"));
	await page.goto(`${on}/dashboard`);
	await listening;
	await lonely.tell("restart");
	await page.evaluate(() => window.dispatchEvent(new Event("focus")));
	await expect.poll(async () => (await request("/api/health", { on })).status).toBe(200);
	await expect(page).toHaveURL(`${on}/dashboard`);
	await lonely.tell("force-logout", sessionId);
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fdashboard$/);
});

test("a stream that missed the end of its session, because nobody was listening, ends all the same", async () => {
	const { cookie, sessionId } = await lonely.tell("person");
	const answer = await request("/api/session/feed", { as: { cookie }, on });
	const text = answer.text();
	await expect.poll(() => statusOf("/api/session", cookie)).toBe(200);
	await lonely.tell("cut-listener", sessionId);
	expect(await text).toContain("event: ended");
});

test("an instance that is killed in the middle of an act leaves nothing half done, and its sessions live on", async ({
	page,
}) => {
	const { cookie, name } = await signedIn(page);
	await page.goto(`${on}/settings/profile`);
	await page.getByLabel("Name").fill("Half done");
	await lonely.tell("hold-log");
	await page.getByRole("button", { name: "Save" }).click();
	await lonely.tell("await-writer");
	await lonely.tell("kill");
	await lonely.tell("release");
	await expect(alert(page)).toHaveText("The server could not be reached. Please try again.");
	await expect(page).toHaveURL(`${on}/settings/profile`);
	await lonely.tell("run");
	expect(await nameBehind(cookie)).toBe(name);
	await expect(page.getByLabel("Name")).toHaveValue("Half done");
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page.getByText("Your profile was saved.")).toBeVisible();
	expect(await nameBehind(cookie)).toBe("Half done");
});

// What is deleted from sessions is written to ended_sessions by the same statement.
for (const table of ["users", "links", "sessions", "audit_events", "pgboss.job"]) {
	test(`an instance that is killed while acts wait to write to ${table} leaves each done or undone as a whole`, async () => {
		const bystander = await lonely.tell("person");
		await lonely.tell("begin-acts", table);
		await lonely.tell("kill");
		await lonely.tell("release");
		await lonely.tell("run");
		const { outcomes, inBothTables } = await lonely.tell("judge-acts");
		expect(inBothTables, "sessions that are live and ended").toBe(0);
		expect(outcomes.filter(({ answered }) => !answered).length, "acts that waited").toBeGreaterThan(2);
		for (const { act, answered, changes, changed, cookie, live } of outcomes) {
			expect(changed, `${act}, which was ${answered ? "" : "not "}answered`).toEqual(answered ? changes : []);
			expect(await statusOf("/api/session", cookie), act).toBe(live ? 200 : 401);
		}
		expect(await statusOf("/api/session", bystander.cookie)).toBe(200);
	});
}

const statusOf = async (path: string, cookie: string) => (await request(path, { as: { cookie }, on })).status;
const nameBehind = async (cookie: string) =>
	(await (await request("/api/session", { as: { cookie }, on })).json()).user.name;
const alert = (page: Page) => page.getByRole("alert").filter({ hasText: /\S/ });

/** Somebody new, signed in on the page. */
async function signedIn(page: Page) {
	const person = await lonely.tell("person");
	await giveCookie(page.context(), person.cookie);
	return person;
}

async function signInWith(page: Page, password: string): Promise<void> {
	await page.getByLabel("Password", { exact: true }).fill(password);
	await page.getByRole("button", { name: "Sign in" }).click();
}
