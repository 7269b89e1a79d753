/** The console's list of all sessions: finding them, ending many at once, and those that are over. */
import type { Page } from "@playwright/test";
import { eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { expect, test } from "./fixtures";
import { createPerson, startImpersonation, startSessionOf } from "./people";
import { auditOf, endOf, liveSessionsOf } from "./records";
import { request } from "./request";

const MAC =
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";

test("sessions are found by person, address, network, device, age and kind", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const alice = await createPerson({ name: `Alice ${mark}` });
	const admin = await createPerson({ role: "admin", name: `Amir ${mark}` });
	const mac = await startSessionOf(alice, { userAgent: MAC, ip: "198.51.100.7" });
	const old = await startSessionOf(alice, { ip: "2001:db8::17" });
	await makeOld(old.sessionId);
	const own = await startSessionOf(admin, { ip: "198.51.100.200" });
	const impersonation = await startImpersonation(alice, own);

	const table = page.getByRole("table", { name: "Active sessions" });
	const shown = async (query: string) => {
		await page.goto(`/admin/sessions?q=${mark}&${query}`);
		await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sessions");
		return (await table.count()) ? (await table.getByRole("row").count()) - 1 : 0;
	};
	expect(await shown("")).toBe(4);
	expect(await shown("ip=198.51.100.7")).toBe(1);
	expect(await shown("ip=198.51.100.0/24")).toBe(2);
	expect(await shown("ip=2001:db8::/32")).toBe(1);
	expect(await shown("browser=Safari")).toBe(1);
	await expect(table.getByRole("row").nth(1)).toContainText("198.51.100.7");
	expect(await shown("operatingSystem=macOS&browser=Safari")).toBe(1);
	expect(await shown("role=admin")).toBe(1);
	expect(await shown("lastSeenBefore=1d")).toBe(1);
	expect(await shown("impersonations=true")).toBe(1);
	await expect(table.getByRole("row").nth(1)).toContainText(`Impersonated by ${admin.name}`);
	expect(await shown("impersonations=false")).toBe(3);
	expect([mac, impersonation].every((session) => session.user.id === alice.id)).toBe(true);
});

test("filters are chosen on the page, and kept in its address", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const alice = await createPerson();
	await startSessionOf(alice, { userAgent: MAC });
	await startSessionOf(alice);
	const filters = page.getByRole("search");
	const rows = page.getByRole("table", { name: "Active sessions" }).getByRole("row");
	await page.goto("/admin/sessions");
	await filters.getByLabel("Person").fill(alice.email);
	await expect(rows).toHaveCount(3);
	await filters.getByLabel("Browser").selectOption("Safari");
	await expect(rows).toHaveCount(2);
	await page.reload();
	await expect(filters.getByLabel("Person")).toHaveValue(alice.email);
	await expect(rows).toHaveCount(2);
});

test("selected sessions are ended together, and nobody else's", async ({ signedInAs }) => {
	const { page, user } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const [alice, bob] = [await createPerson({ name: `Alice ${mark}` }), await createPerson({ name: `Bob ${mark}` })];
	const [first, second] = [await startSessionOf(alice), await startSessionOf(alice)];
	const spared = await startSessionOf(bob);
	await page.goto(`/admin/sessions?q=${mark}`);
	const box = page.getByLabel(`Select the session of ${alice.name}`);
	await box.first().check();
	await box.last().check();
	await expect(page.getByRole("region", { name: "Selection" })).toContainText("2 selected");
	await page.getByRole("button", { name: "Force log out selected" }).click();
	await expect(page.getByText("2 sessions ended.")).toBeVisible();
	expect(await liveSessionsOf(alice)).toEqual([]);
	for (const session of [first, second]) {
		expect(await endOf(session.sessionId)).toMatchObject({ reason: "forced", endedById: user.id });
	}
	expect(await liveSessionsOf(bob)).toEqual([spared.sessionId]);
	await expect(page.getByRole("table", { name: "Active sessions" }).getByRole("row")).toHaveCount(2);
});

test("all that match are ended, on every page of the list, except those out of reach and one's own", async ({
	signedInAs,
}) => {
	const { page, user, sessionId } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const ip = "203.0.113.51";
	const alice = await createPerson({ name: `Alice ${mark}` });
	for (let count = 0; count < 53; count++) await startSessionOf(alice, { ip });
	const admin = await startSessionOf(await createPerson({ role: "admin", name: `Amir ${mark}` }), { ip });

	await page.goto(`/admin/sessions?q=${mark}`);
	const rows = page.getByRole("table", { name: "Active sessions" }).getByRole("row");
	await expect(rows).toHaveCount(51);
	await page.getByRole("link", { name: "Next" }).click();
	await expect(rows).toHaveCount(5);
	await page.getByRole("button", { name: "Force log out all 54 that match" }).click();
	await page.getByRole("alertdialog").getByRole("button", { name: "Force log out all that match" }).click();
	await expect(page.getByText("53 sessions ended.")).toBeVisible();
	expect(await liveSessionsOf(alice)).toEqual([]);
	expect(await liveSessionsOf(admin.user)).toEqual([admin.sessionId]);
	expect(await liveSessionsOf(user)).toEqual([sessionId]);
	expect(await auditOf("session.forced_out", { target: alice })).toMatchObject([{ detail: { count: 53 } }]);
});

test("whoever ends all sessions of the last page sees the first one next", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const alice = await createPerson();
	for (let count = 0; count < 52; count++) await startSessionOf(alice);
	await page.goto(`/admin/sessions?q=${alice.email}`);
	const rows = page.getByRole("table", { name: "Active sessions" }).getByRole("row");
	await page.getByRole("link", { name: "Next" }).click();
	await expect(rows).toHaveCount(3);
	await page.getByLabel("Select all on this page").check();
	await page.getByRole("button", { name: "Force log out selected" }).click();
	await expect(page.getByText("2 sessions ended.")).toBeVisible();
	await expect(rows).toHaveCount(51);
});

test("one's own session is marked, and is not to be ended here", async ({ signedInAs }) => {
	const { page, user } = await signedInAs("owner");
	await page.goto(`/admin/sessions?q=${user.email}`);
	const row = page.getByRole("table", { name: "Active sessions" }).getByRole("row").nth(1);
	await expect(row.getByRole("link", { name: "Your devices" })).toBeVisible();
	await expect(row.getByRole("button", { name: "Force log out" })).toHaveCount(0);
	await expect(row.getByRole("checkbox")).toBeDisabled();
});

test("the list keeps itself current, without losing what is selected", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const [alice, bob] = [await createPerson({ name: `Alice ${mark}` }), await createPerson({ name: `Bob ${mark}` })];
	await startSessionOf(alice);
	await page.goto(`/admin/sessions?q=${mark}`);
	await page.getByLabel(`Select the session of ${alice.name}`).check();
	await page.mouse.move(0, 0);
	const came = await startSessionOf(bob);
	const rows = page.getByRole("table", { name: "Active sessions" }).getByRole("row");
	await expect(rows).toHaveCount(3);
	await expect(page.getByLabel(`Select the session of ${alice.name}`)).toBeChecked();
	await request("/sign-out", { as: came, method: "POST" });
	await expect(rows).toHaveCount(2);
});

test("nothing moves while one aims at a button or a checkbox", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const alice = await createPerson();
	await startSessionOf(alice);
	const bystander = await page.context().newPage();
	const rowsOf = (page: Page) => page.getByRole("table", { name: "Active sessions" }).locator("tbody tr");
	for (const tab of [page, bystander]) {
		await tab.goto(`/admin/sessions?q=${alice.email}`);
		await expect(rowsOf(tab)).toHaveCount(1);
	}
	let live = 1;
	for (const part of ["select", "actions"]) {
		await startSessionOf(alice);
		await expect(rowsOf(page)).toHaveCount(++live);
		const cell = rowsOf(page).first().locator(`[data-part=${part}]`);
		const aiming = await cell.evaluate((cell) =>
			window.setInterval(() => cell.dispatchEvent(new PointerEvent("pointermove", { bubbles: true })), 50),
		);
		for (let count = 1; count <= 2; count++) {
			await startSessionOf(alice);
			await expect(rowsOf(bystander)).toHaveCount(live + count);
		}
		expect(await rowsOf(page).count()).toBe(live);
		await page.evaluate((aiming) => clearInterval(aiming), aiming);
		live += 2;
		await expect(rowsOf(page)).toHaveCount(live);
	}
});

test("a receipt goes away after its time, however much happens", async ({ signedInAs }) => {
	const { page } = await signedInAs("support", {});
	const mark = crypto.randomUUID().slice(0, 8);
	const bob = await createPerson({ name: `Bob ${mark}` });
	await startSessionOf(bob);
	const alice = await startSessionOf(await createPerson({ name: `Alice ${mark}` }));
	await page.clock.install();
	await page.goto(`/admin/sessions?q=${mark}`);
	const rows = page.getByRole("table", { name: "Active sessions" }).getByRole("row");
	await rows.filter({ hasText: alice.user.email }).getByRole("button", { name: "Force log out" }).click();
	await page.mouse.move(0, 0);
	await expect(page.getByText("Not seen since.")).toBeVisible();
	await request("/dashboard", { as: alice });
	const receipt = page.getByText(/refused .* later, on \/dashboard$/);
	await expect(receipt).toBeVisible();
	let shown = 2;
	await expect
		.poll(async () => {
			await startSessionOf(bob);
			await expect(rows).toHaveCount(++shown);
			await page.clock.runFor(8_000);
			return receipt.count();
		})
		.toBe(0);
});

test("ended sessions say why, by whom and whether they were seen again, and can be filtered", async ({
	signedInAs,
}) => {
	const { page, user } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const alice = await createPerson({ name: `Alice ${mark}` });
	const [left, forced] = [await startSessionOf(alice), await startSessionOf(alice)];
	await request("/sign-out", { as: left, method: "POST" });
	await page.goto(`/admin/sessions?q=${mark}`);
	await page.getByRole("button", { name: "Force log out", exact: true }).click();
	await expect.poll(() => endOf(forced.sessionId)).toBeDefined();

	await page.getByRole("link", { name: "Ended" }).click();
	await page.getByRole("search", { name: "Filter ended sessions" }).getByLabel("Person").fill(mark);
	const rows = page.getByRole("table", { name: "Ended sessions" }).getByRole("row");
	await expect(rows).toHaveCount(3);
	await expect(rows.nth(1)).toContainText("Forced out");
	await expect(rows.nth(1)).toContainText(`by ${user.name}`);
	await expect(rows.nth(2)).toContainText("Signed out");
	await expect(rows.nth(2)).toContainText("by themselves");
	await page.getByLabel("Why").selectOption("forced");
	await expect(rows).toHaveCount(2);
});

test("bad filters and cursors get a message and the whole list, live and ended", async () => {
	const support = await startSessionOf(await createPerson({ role: "support" }));
	for (const query of [
		"ip=300.1.1.1",
		"ip=10.0.0.0/99",
		"role=emperor",
		"olderThan=yesterday",
		"impersonations=maybe",
		"q=%00",
		"userId=1",
		"unknown=1",
		"cursor=nonsense",
		"view=ended&reason=whim",
		"view=ended&cursor=eyJrZXkiOltdfQ",
	]) {
		const answer = await request(`/admin/sessions?${query}`, { as: support });
		expect(answer.status, query).toBe(200);
		const html = await answer.text();
		expect(html, query).toContain(`role="alert"`);
		expect(html, query).toContain("<table");
	}
});

/** Signed in three days ago and seen yesterday. Ids sort by time, and the filters rely on it. */
async function makeOld(sessionId: string): Promise<void> {
	await db
		.update(sessions)
		.set({
			id: uuidv7({ msecs: Date.now() - 73 * 3_600_000 }),
			createdAt: sql`now() - interval '73 hours'`,
			lastSeenAt: sql`now() - interval '26 hours'`,
			lastSeenOn: sql`(now() - interval '26 hours')::date`,
		})
		.where(eq(sessions.id, sessionId));
}
