/** Finding people in the console, and the page of one of them. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { createPerson, startSessionOf, suspend } from "./people";
import { request } from "./request";

test("people are found by any part of their name or address, while one types", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const zoe = await createPerson({ name: `Zoë Quux ${mark}`, email: `findme-${mark}@example.org` });
	await createPerson({ name: `Somebody ${mark}` });
	const rows = page.getByRole("table", { name: "Users" }).getByRole("row");
	await page.goto("/admin/users");
	for (const words of [`quux ${mark}`, `FINDME-${mark}`, `${mark} zoë`]) {
		await page.getByLabel("Search").fill(words);
		await expect(rows).toHaveCount(2);
		await expect(rows.nth(1)).toContainText(zoe.email);
	}
	await page.getByLabel("Search").fill(`nobody-${mark}`);
	await expect(page.getByText("Nobody matches")).toBeVisible();
	await page.getByRole("button", { name: "Clear" }).click();
	await expect(page).toHaveURL("/admin/users");
	await expect(page.getByLabel("Search")).toHaveValue("");
});

test("a link that is clicked while a search is about to start leads where it says, and stays there", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("support");
	const zoe = await createPerson({ name: `Zoë ${crypto.randomUUID().slice(0, 8)}` });
	await page.goto(`/admin/users?q=${zoe.email}`);
	const link = page.getByRole("link", { name: zoe.name });
	const debounce = Promise.withResolvers<void>();
	await page.route(`**/admin/users/${zoe.id}*`, async (route) => {
		await debounce.promise;
		await route.continue();
	});

	await page.getByLabel("Search").focus();
	await link.evaluate(async (element: HTMLElement) => {
		document.execCommand("insertText", false, "x");
		element.click();
		await new Promise((resolve) => setTimeout(resolve, 500));
	});
	debounce.resolve();
	await expect(page.getByRole("heading", { level: 1 })).toContainText(zoe.name);
	await expect(page).toHaveURL(`/admin/users/${zoe.id}`);
});

test("so does one that is clicked in the moment in which the page begins to listen", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const zoe = await createPerson({ name: `Zoë ${crypto.randomUUID().slice(0, 8)}` });
	await page.route(`**/admin/users/${zoe.id}*`, async (route) => {
		await new Promise((resolve) => setTimeout(resolve, 1_000));
		await route.continue();
	});
	await page.addInitScript((name) => {
		// The filters follow the address as soon as they are hydrated. What comes right after that is quicker than any hand.
		const { prototype } = HTMLSelectElement;
		const value = Object.getOwnPropertyDescriptor(prototype, "value") as PropertyDescriptor;
		function set(this: HTMLSelectElement, chosen: string) {
			value.set?.call(this, chosen);
			if (!this.closest("search")) return;
			Object.defineProperty(prototype, "value", value);
			queueMicrotask(typeAndLeave);
		}
		Object.defineProperty(prototype, "value", { ...value, set });
		function typeAndLeave() {
			document.querySelector<HTMLInputElement>("search input")?.focus();
			document.execCommand("insertText", false, "x");
			[...document.links].find((link) => link.textContent === name)?.click();
		}
	}, zoe.name);
	await page.goto(`/admin/users?q=${zoe.email}`);
	await expect(page.getByRole("heading", { level: 1 })).toContainText(zoe.name);
	await expect(page).toHaveURL(`/admin/users/${zoe.id}`);
});

test("a click whose page is slow to come says at once that it is on its way", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	await page.goto("/admin/users");
	const answer = Promise.withResolvers<void>();
	await page.route("**/admin/audit?*", async (route) => {
		await answer.promise;
		await route.continue();
	});
	await page.getByRole("link", { name: "Audit log" }).click();
	await expect(page.getByRole("progressbar", { name: "Loading" })).toBeAttached();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Users");
	answer.resolve();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Audit log");
	await expect(page.getByRole("progressbar")).toHaveCount(0);
});

test("people are filtered by role, status and whether they are signed in now", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const admin = await createPerson({ role: "admin", name: `Admin ${mark}` });
	const suspended = await createPerson({ name: `Suspended ${mark}` });
	await suspend(suspended);
	const signedIn = await startSessionOf(await createPerson({ name: `Present ${mark}` }));
	const rows = page.getByRole("table", { name: "Users" }).getByRole("row");

	await page.goto(`/admin/users?q=${mark}`);
	await expect(rows).toHaveCount(4);
	await page.getByLabel("Role").selectOption("admin");
	await expect(rows).toHaveCount(2);
	await expect(rows.nth(1)).toContainText(admin.name);
	await page.getByLabel("Role").selectOption("");
	await page.getByLabel("Status").selectOption("suspended");
	await expect(rows).toHaveCount(2);
	await expect(rows.nth(1)).toContainText(suspended.name);
	await page.getByLabel("Status").selectOption("");
	await page.getByLabel("Signed in now").check();
	await expect(rows).toHaveCount(2);
	await expect(rows.nth(1)).toContainText(signedIn.user.name);
	await expect(page).toHaveURL(new RegExp(`q=${mark}&signedIn=true`));
});

test("who chooses with the keyboard keeps the focus where it is", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const { rows } = await showAdminAndUser(page);
	await page.getByLabel("Role").focus();
	await page.keyboard.press("a");
	await expect(page.getByLabel("Role")).toHaveValue("admin");
	await expect(rows).toHaveCount(2);
	await expect(page.getByLabel("Role")).toBeFocused();
});

/** Lists an admin and a user, found by a mark in their names. */
async function showAdminAndUser(page: Page) {
	const mark = crypto.randomUUID().slice(0, 8);
	await createPerson({ role: "admin", name: `Admin ${mark}` });
	await createPerson({ name: `User ${mark}` });
	await page.goto(`/admin/users?q=${mark}`);
	return { mark, rows: page.getByRole("table", { name: "Users" }).getByRole("row") };
}

test("filters say what the address says, also after Back, Clear, and a link that overtook them", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("support");
	const { mark, rows } = await showAdminAndUser(page);
	await page.getByRole("link", { name: "Person", exact: true }).click();
	await expect(page).toHaveURL(/sort=/);
	await page.getByLabel("Role").focus();
	await page.keyboard.press("a");
	await expect(rows).toHaveCount(2);
	await page.goBack();
	await expect(rows).toHaveCount(3);
	await expect(page.getByLabel("Role")).toHaveValue("");

	const held = Promise.withResolvers<void>();
	await page.route(/q=nobody|users\?_rsc|users\?role=/, async (route) => {
		await held.promise;
		await route.continue();
	});
	await page.goto("/admin/users");
	const search = page.getByLabel("Search");
	const asked = page.waitForRequest(/q=nobody/);
	await search.fill("nobody");
	await asked;
	await page.getByRole("link", { name: "Users" }).click();
	held.resolve();
	await expect(page.getByRole("progressbar")).toHaveCount(0);
	await expect(search).toHaveValue("");
	await search.fill(mark);
	await expect(rows).toHaveCount(3);
	await page.getByRole("button", { name: "Clear" }).click();
	await expect(search).toHaveValue("");
	await expect(page).toHaveURL(/users$/);
});

test("what is chosen before the scripts of the page have come is not lost", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const admin = await createPerson({ role: "admin", name: `Admin ${mark}` });
	await createPerson({ name: `Somebody else ${mark}` });
	const scripts = Promise.withResolvers<void>();
	await page.route("**/_next/static/**/*.js", async (route) => {
		await scripts.promise;
		await route.continue();
	});
	const rows = page.getByRole("table", { name: "Users" }).getByRole("row");
	await page.goto(`/admin/users?q=${mark}`, { waitUntil: "domcontentloaded" });
	await expect(rows).toHaveCount(3);
	await page.getByLabel("Role").selectOption("admin");
	scripts.resolve();
	await expect(rows).toHaveCount(2);
	await expect(rows.nth(1)).toContainText(admin.name);
	await expect(page.getByLabel("Role")).toHaveValue("admin");
	await expect(page).toHaveURL(new RegExp(`q=${mark}&role=admin`));
});

test("what is chosen while the answer to an earlier choice comes in is not lost, nor is a choice taken back", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	await createPerson({ role: "admin", name: `Admin ${mark}` });
	const suspended = await createPerson({ role: "admin", name: `Suspended ${mark}` });
	await suspend(suspended);
	await createPerson({ name: `User ${mark}` });
	await page.addInitScript(() => {
		const { setTimeout } = window;
		// What the filters do at once, they do later than anything else, from the moment at which the test says so.
		const slowly = (act: TimerHandler, ms?: number) => setTimeout(act, ms === 0 && window.name === "slow" ? 2_000 : ms);
		Object.assign(window, { setTimeout: slowly });
	});
	let answer = Promise.withResolvers<void>();
	await page.route(/role=admin/, async (route) => {
		await answer.promise;
		await route.continue();
	});
	const rows = page.getByRole("table", { name: "Users" }).getByRole("row");
	/** Chooses without the focus, as a tap in Safari does. */
	const choose = (label: string, value: string) =>
		page.getByLabel(label).evaluate((select: HTMLSelectElement, value) => {
			select.value = value;
			select.dispatchEvent(new Event("change", { bubbles: true }));
		}, value);

	await page.goto(`/admin/users?q=${mark}`);
	await expect(rows).toHaveCount(4);
	const first = page.waitForRequest(/role=admin/);
	await choose("Role", "admin");
	await first;
	await page.evaluate(() => {
		window.name = "slow";
	});
	await choose("Status", "suspended");
	answer.resolve();
	await expect(rows).toHaveCount(3);
	await expect(rows).toHaveCount(2);
	await expect(rows.nth(1)).toContainText(suspended.name);

	await page.evaluate(() => {
		window.name = "";
	});
	answer = Promise.withResolvers();
	await page.goto(`/admin/users?q=${mark}`);
	const second = page.waitForRequest(/role=admin/);
	await choose("Role", "admin");
	await second;
	await choose("Role", "");
	answer.resolve();
	await expect(page.getByRole("progressbar")).toHaveCount(0);
	await expect(rows).toHaveCount(4);
	await expect(page.getByLabel("Role")).toHaveValue("");
	await expect(page).toHaveURL(new RegExp(`q=${mark}$`));
});

test("people are sorted by name, both ways, and paged without gaps or repetition", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const mark = crypto.randomUUID().slice(0, 8);
	const names = Array.from({ length: 53 }, (_, index) => `Person ${String(index).padStart(2, "0")} ${mark}`);
	for (const index of names.keys()) await createPerson({ name: names[(index * 7) % names.length] });
	const shown = page.getByRole("table", { name: "Users" }).getByRole("link", { name: mark });

	await page.goto(`/admin/users?q=${mark}`);
	await page.getByRole("link", { name: "Person", exact: true }).click();
	await expect(shown).toHaveText(names.slice(0, 50));
	await page.getByRole("link", { name: "Next" }).click();
	await expect(shown).toHaveText(names.slice(50));
	await page.getByRole("link", { name: "Previous" }).click();
	await expect(shown).toHaveText(names.slice(0, 50));
	await page.getByRole("link", { name: "Person", exact: true }).click();
	await expect(shown).toHaveText(names.toReversed().slice(0, 50));
});

test("a row leads to the person: who they are, where they are signed in, what happened", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const alice = await startSessionOf(await createPerson(), { ip: "203.0.113.99" });
	await page.goto(`/admin/users?q=${alice.user.email}`);
	await page.getByRole("link", { name: alice.user.name }).click();
	await expect(page.getByRole("heading", { level: 1 })).toContainText(alice.user.name);
	await expect(page).toHaveTitle(new RegExp(alice.user.name));
	const row = page.getByRole("table", { name: "Active sessions" }).getByRole("row").nth(1);
	await expect(row).toContainText("Chrome on Linux");
	await expect(row).toContainText("203.0.113.99");
	await expect(row).toContainText("Password");
	await row.getByRole("button", { name: "Force log out" }).click();
	await expect(page.getByText("Not signed in anywhere")).toBeVisible();

	await page.getByRole("link", { name: "Ended sessions" }).click();
	await expect(page.getByRole("table", { name: "Ended sessions" }).getByRole("row").nth(1)).toContainText("Forced out");
	await page.getByRole("link", { name: "Audit log" }).last().click();
	await expect(page.getByRole("table", { name: "Audit log" })).toContainText("forced a logout", { ignoreCase: true });
});

test("a click anywhere in a row opens its person, also in browsers in which a row positions nothing", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("support");
	const { rows } = await showAdminAndUser(page);
	await page.addStyleTag({ content: "tr { position: static !important }" });
	const row = rows.filter({ hasText: "Admin" });
	const role = row.getByRole("cell").nth(1);

	const email = await row.getByText("@").boundingBox();
	if (!email) throw new Error("The row shows no address.");
	await page.mouse.move(email.x + 1, email.y + email.height / 2);
	await page.mouse.down();
	await page.mouse.move(email.x + 60, email.y + email.height / 2);
	await page.mouse.up();
	expect(await page.evaluate(() => getSelection()?.toString())).not.toBe("");
	await expect(page).toHaveURL(/users\?q=/);

	const [tab] = await Promise.all([page.context().waitForEvent("page"), role.click({ modifiers: ["ControlOrMeta"] })]);
	await expect(tab.getByRole("heading", { level: 1 })).toContainText("Admin");
	await expect(page).toHaveURL(/users\?q=/);
	await role.click();
	await expect(page.getByRole("heading", { level: 1 })).toContainText("Admin");
});

test("the page of one person keeps itself current without a reload", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const alice = await createPerson();
	await page.goto(`/admin/users/${alice.id}`);
	await expect(page.getByText("Not signed in anywhere")).toBeVisible();
	await startSessionOf(alice);
	await expect(page.getByRole("table", { name: "Active sessions" }).getByRole("row")).toHaveCount(2);
});

test("bad filters and cursors get a message and the whole list, unknown people a plain 404", async () => {
	const support = await startSessionOf(await createPerson({ role: "support" }));
	for (const query of [
		"role=emperor",
		"sort=password",
		"status=1",
		"q=a&q=b",
		`q=${"x".repeat(300)}`,
		"q=%00",
		"unknown=1",
		"cursor=nonsense",
		"cursor=eyJrZXkiOjEsImJhY2siOnRydWV9",
	]) {
		const answer = await request(`/admin/users?${query}`, { as: support });
		expect(answer.status, query).toBe(200);
		const html = await answer.text();
		expect(html, query).toContain(`role="alert"`);
		expect(html, query).toContain("<table");
	}
	for (const id of ["0", crypto.randomUUID(), "not-a-uuid", "%00", "a".repeat(500)]) {
		expect((await request(`/admin/users/${id}`, { as: support })).status, id).toBe(404);
	}
});
