/** The console while one looks: sessions come and go, and nothing that one is doing is disturbed. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { expect, test } from "./fixtures";
import { createPerson, startSessionOf } from "./people";
import { request } from "./request";

test("rows come, move and go without a reload, and scroll, selection, focus and typed text stay", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("support", { viewport: { width: 1200, height: 500 } });
	const mark = crypto.randomUUID().slice(0, 8);
	const people = await Promise.all(
		Array.from({ length: 12 }, (_, index) => createPerson({ name: `Person ${index} ${mark}` })),
	);
	const started = [];
	for (const person of people) started.push(await startSessionOf(person));
	await page.goto(`/admin/sessions?q=${mark}`);
	const rows = page.getByRole("table", { name: "Active sessions" }).getByRole("row");
	await expect(rows).toHaveCount(13);
	await page.evaluate(() => Object.assign(window, { sameDocument: true }));

	// The oldest is at the bottom.
	const kept = page.getByRole("row").filter({ hasText: people[2]?.email });
	await kept.getByRole("checkbox").check();
	await page.getByLabel("IP address or network").evaluate((field: HTMLInputElement) => {
		field.value = "typed, and not sent";
	});
	const button = kept.getByRole("button", { name: "Force log out" });
	await button.scrollIntoViewIfNeeded();
	await button.focus();
	await page.mouse.move(0, 0);
	const before = await button.boundingBox();
	expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);

	const newcomer = await createPerson({ name: `Newcomer ${mark}` });
	const came = [await startSessionOf(newcomer), await startSessionOf(newcomer), await startSessionOf(newcomer)];
	await expect(rows).toHaveCount(16);
	const after = await button.boundingBox();
	// Less than the height of a row, of which three were added above.
	expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(40);
	await request("/sign-out", { as: started[8], method: "POST" });
	await expect(rows).toHaveCount(15);
	for (const as of came) await request("/sign-out", { as, method: "POST" });
	await expect(rows).toHaveCount(12);

	await expect(button).toBeFocused();
	await expect(kept.getByRole("checkbox")).toBeChecked();
	await expect(page.getByLabel("IP address or network")).toHaveValue("typed, and not sent");
	expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("an open dialog stays open, with what was typed into it, while rows come and go", async ({ signedInAs }) => {
	const { page } = await signedInAs("admin");
	const alice = await createPerson();
	const first = await startSessionOf(alice);
	await page.goto(`/admin/users/${alice.id}`);
	const rows = page.getByRole("table", { name: "Active sessions" }).getByRole("row");
	await expect(rows).toHaveCount(2);
	await page.getByRole("button", { name: "Suspend", exact: true }).click();
	const reason = page.getByRole("alertdialog").getByLabel("Reason");
	await reason.fill("Half a sen");

	await startSessionOf(alice);
	const all = page.locator("table[aria-label='Active sessions'] tbody tr");
	await expect(all).toHaveCount(2);
	await request("/sign-out", { as: first, method: "POST" });
	await expect(all).toHaveCount(1);
	await expect(reason).toHaveValue("Half a sen");
	await expect(reason).toBeFocused();
});

test("an open question about all that match stays open when one more does, and counts it", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const alice = await createPerson({ name: `Alice ${mark}` });
	await startSessionOf(alice);
	await startSessionOf(await createPerson({ role: "admin", name: `Out of reach ${mark}` }));
	await page.goto(`/admin/sessions?q=${mark}`);
	await page.getByLabel("Select all on this page").check();
	const bar = page.getByRole("region", { name: "Selection" });
	await bar.getByRole("button", { name: "Force log out all 2 that match" }).click();
	const dialog = page.getByRole("alertdialog");
	await expect(dialog).toContainText("Force log out 2 sessions?");

	await startSessionOf(alice);
	await expect(page.locator("table[aria-label='Active sessions'] tbody tr")).toHaveCount(3);
	await expect(dialog).toContainText("Force log out 3 sessions?");
	await dialog.getByRole("button", { name: "Force log out all that match" }).click();
	await expect(page.getByText("2 sessions ended.")).toBeVisible();
	await expect(dialog).toHaveCount(0);
	await expect(bar).toHaveCount(0);
});

test("the open details of an event stay open when newer events push its row off the page", async ({ signedInAs }) => {
	const { page, user } = await signedInAs("support");
	await Promise.all(Array.from({ length: 8 }, signOut));
	await page.goto("/admin");
	const dialog = page.getByRole("dialog");
	await page
		.getByRole("button", { name: /^Details/ })
		.first()
		.click();
	await expect(dialog).toBeVisible();
	await page.keyboard.press("Escape");
	await expect(dialog).toHaveCount(0);

	// Chosen and opened in one go, because other tests push rows off too.
	const row = await page.evaluateHandle(() => {
		const rows = document.querySelectorAll("table[aria-label='Audit log'] tbody tr");
		const last = rows[rows.length - 1] as Element;
		last.querySelector("button")?.click();
		return last;
	});
	await expect(dialog).toBeVisible();
	const event = await dialog.textContent();
	await Promise.all(Array.from({ length: 8 }, signOut));
	await expect.poll(() => row.evaluate((row) => row.isConnected)).toBe(false);
	expect(await dialog.textContent()).toBe(event);
	await page.keyboard.press("Escape");
	await expect(dialog).toHaveCount(0);

	async function signOut() {
		await request("/sign-out", { as: await startSessionOf(user), method: "POST" });
	}
});

test("however much happens, the page is fetched anew at a bounded rate", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	await page.goto(`/admin/sessions?q=${mark}`);
	await page.mouse.move(0, 0);
	let refreshes = 0;
	page.on("request", (request) => {
		if (request.headers().rsc && new URL(request.url()).pathname === "/admin/sessions") refreshes++;
	});
	const alice = await createPerson({ name: `Alice ${mark}` });
	const since = Date.now();
	for (let count = 0; count < 40; count++) {
		const { sessionId } = await startSessionOf(alice);
		if (count < 39) await db.delete(sessions).where(eq(sessions.id, sessionId));
	}
	await expect(page.getByRole("table", { name: "Active sessions" }).getByRole("row")).toHaveCount(2);
	expect(refreshes).toBeLessThanOrEqual(2 + (Date.now() - since) / 2_000);
});

test("an open console is not kept current while nobody is there, says so, and is as soon as somebody is", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("support", {});
	const alice = await createPerson();
	await startSessionOf(alice);
	await page.clock.install();
	await page.goto(`/admin/sessions?q=${alice.email}`);
	const rows = page.getByRole("table", { name: "Active sessions" }).locator("tbody").getByRole("row");
	await expect(rows).toHaveCount(1);
	const note = page.getByText("Not kept current while nobody is here.");
	await expect
		.poll(async () => {
			await page.clock.fastForward(11 * 60_000);
			return note.isVisible();
		})
		.toBe(true);

	let refreshes = 0;
	page.on("request", (request) => {
		if (request.headers().rsc) refreshes++;
	});
	// One may have been on its way.
	const refreshesInAMinute = async () => {
		const before = refreshes;
		await page.clock.runFor(60_000);
		await page.evaluate(() => fetch("/api/health"));
		return refreshes - before;
	};
	await expect.poll(refreshesInAMinute).toBe(0);
	const heard = page.evaluate(() => new Promise((resolve) => window.addEventListener("console-changed", resolve)));
	await startSessionOf(alice);
	await heard;
	expect(await refreshesInAMinute()).toBe(0);

	await page.mouse.move(20, 20);
	await expect(rows).toHaveCount(2);
	await expect(note).toBeHidden();
});
