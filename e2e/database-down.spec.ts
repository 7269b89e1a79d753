/** The database goes away and comes back: nothing is revealed, nobody is signed out, and all goes on by itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { PASSWORD } from "./people";
import { request } from "./request";

test.describe.configure({ mode: "serial" });

let server: ChildProcess;
let lines: Interface;
let on: string;

test.beforeAll(async () => {
	server = spawn(process.execPath, ["--import", "tsx", "e2e/lonely-server.ts"], { stdio: ["pipe", "pipe", "inherit"] });
	lines = createInterface(server.stdout as NodeJS.ReadableStream);
	on = (await line("ready ")).slice("ready ".length);
});

test.afterAll(async () => {
	const ended = new Promise((resolve) => server.on("exit", resolve));
	server.stdin?.end();
	await ended;
});

test("without its database, protected pages and the API answer 503 and reveal nothing", async ({ page }) => {
	const { email, cookie } = await signUp(page);
	expect((await request("/dashboard", { as: { cookie }, on })).status).toBe(200);
	await tell("stop");
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
		expect(answer.headers.get("content-type"), path).toContain("application/problem+json");
		expect(await answer.json(), path).toMatchObject({ code: "unavailable" });
	}
	expect((await request("/api/health", { on })).status).toBe(503);
	expect((await request("/", { on })).status).toBe(200);
	expect((await request("/dashboard", { on })).status).toBe(307);
	await tell("start");
});

test("a page that could not be shown comes by itself when the database is back", async ({ page }) => {
	const { name } = await signUp(page);
	await tell("stop");
	await page.goto(`${on}/settings/profile`);
	await expect(page.getByRole("heading", { name: "Back in a moment" })).toBeVisible();
	await tell("start");
	await expect(page.getByLabel("Name")).toHaveValue(name);
});

test("an open page stays, says so when something is sent, and works on afterwards", async ({ page }) => {
	const { name } = await signUp(page);
	await page.goto(`${on}/settings/profile`);
	await page.getByLabel("Name").fill("Typed meanwhile");
	await tell("stop");
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page.getByRole("alert").filter({ hasText: /reached|busy|try again/i })).toBeVisible();
	await expect(page.getByLabel("Name")).toHaveValue("Typed meanwhile");
	await expect(page).toHaveURL(`${on}/settings/profile`);
	await tell("start");
	await page.getByRole("button", { name: "Save" }).click();
	await expect(page.getByText("Your profile was saved.")).toBeVisible();
	await page.goto(`${on}/dashboard`);
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Welcome, Typed meanwhile");
	expect(name).not.toBe("Typed meanwhile");
});

test("a database that does not answer is given up on, instead of trusting what was known last", async ({ page }) => {
	const { cookie } = await signUp(page);
	await tell("freeze");
	expect((await request("/dashboard", { as: { cookie }, on })).status).toBe(503);
	expect((await request("/api/session", { as: { cookie }, on })).status).toBe(503);
	await tell("thaw");
	await expect.poll(async () => (await request("/dashboard", { as: { cookie }, on })).status).toBe(200);
});

/** A new account on this server, signed in on the page. */
async function signUp(page: Page): Promise<{ email: string; name: string; cookie: string }> {
	const mark = crypto.randomUUID().slice(0, 8);
	const [email, name] = [`alice-${mark}@example.com`, `Alice ${mark}`];
	await page.goto(`${on}/sign-up`);
	await page.getByLabel("Name").fill(name);
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Create account" }).click();
	await expect(page).toHaveURL(`${on}/dashboard`);
	const [cookie] = await page.context().cookies(on);
	return { email, name, cookie: `${cookie?.name}=${cookie?.value}` };
}

/** Has the server's database stopped, started, frozen or thawed. */
async function tell(act: "stop" | "start" | "freeze" | "thaw"): Promise<void> {
	const done = line(`done ${act}`);
	server.stdin?.write(`${act}\n`);
	await done;
}

function line(beginning: string): Promise<string> {
	return new Promise((resolve) => {
		lines.on("line", function hear(text: string) {
			if (!text.startsWith(beginning)) return;
			lines.off("line", hear);
			resolve(text);
		});
	});
}
