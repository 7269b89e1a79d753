/**
 * Every page, once: axe finds nothing serious or critical in light and dark, on a desktop and on a phone; nothing is wider
 * than the phone, also with long names; and who is signed in finds the way out.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type axe from "axe-core";
import { type LinkPurpose, pageOf } from "@/lib/links/purposes";
import { pages } from "@/lib/permissions/surfaces";
import { deafen, expect, test } from "./fixtures";
import { linkFor } from "./links";
import { createPerson, startImpersonation, startSessionOf, suspend } from "./people";
import { request } from "./request";

declare global {
	interface Window {
		/** As its script, run on a page, leaves it there. */
		axe: typeof axe;
	}
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const SCREENS = [
	{ width: 1280, height: 800 },
	{ width: 360, height: 740 },
];

const LONG_NAME = `Wolfeschlegelsteinhausenbergerdorff${"-Hohenlohe".repeat(6)}`;
const longEmail = () => `${"long".repeat(14)}-${crypto.randomUUID().slice(0, 8)}@${"sub.".repeat(12)}example.com`;
const FAR_AWAY = { ip: "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff" };

for (const [route, access] of Object.entries(pages)) {
	test(`${route} can be used by everyone, also with long names on a phone, and has a way to sign out`, async ({
		browserFor,
	}) => {
		const alice = await startSessionOf(await createPerson({ name: LONG_NAME, email: longEmail() }), FAR_AWAY);
		const owner = await startSessionOf(await createPerson({ role: "owner", name: `Owner${"x".repeat(95)}` }));
		const isPublic = access === "public" || access === "signed-out";
		const page = await browserFor(isPublic ? null : owner);
		await expectAccessible(page, route.replace("[id]", alice.user.id));
		if (isPublic) return;
		for (const screen of SCREENS) {
			await page.setViewportSize(screen);
			await page.getByRole("button", { name: "Account menu" }).click();
			await expect(page.getByRole("button", { name: "Sign out", exact: true })).toBeVisible();
			await page.keyboard.press("Escape");
		}
	});
}

const lists = {
	"what is over": "/admin/sessions?view=ended",
	"a person's ended sessions": "/admin/users/[id]?tab=ended",
	"a person's audit trail": "/admin/users/[id]?tab=audit",
	nobody: "/admin/users?q=nobody-has-this-name",
	"a filter that is wrong": "/admin/users?role=emperor",
};

for (const [what, path] of Object.entries(lists)) {
	test(`the list of ${what} can be used by everyone`, async ({ signedInAs }) => {
		const { page } = await signedInAs("owner");
		const ended = await startSessionOf(await createPerson());
		await request("/sign-out", { as: ended, method: "POST" });
		await request("/dashboard", { as: ended });
		await expectAccessible(page, path.replace("[id]", ended.user.id));
	});
}

test("what is shown to somebody who was signed out, and to somebody lost, can be used by everyone", async ({
	browserFor,
}) => {
	const alice = await startSessionOf(await createPerson());
	const page = await browserFor(alice);
	await request("/sign-out", { as: alice, method: "POST" });
	await expectAccessible(page, "/sign-in?next=%2Fdashboard");
	await expectAccessible(page, "/nothing/here");
});

test("impersonation and suspension can be used by everyone", async ({ browserFor }) => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await createPerson({ name: LONG_NAME, email: longEmail() });
	const impersonating = await browserFor(await startImpersonation(alice, admin));
	await expectAccessible(impersonating, "/settings/security");
	const suspended = await createPerson();
	await suspend(suspended);
	await expectAccessible(await browserFor(admin), `/admin/users/${suspended.id}`);
});

for (const purpose of Object.keys(pageOf) as LinkPurpose[]) {
	test(`where the link of a mail for ${purpose} leads can be used by everyone`, async ({ browserFor }) => {
		const alice = await startSessionOf(await createPerson());
		const page = await browserFor(null);
		await page.goto(await linkFor(alice, purpose));
		await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("This link no longer works");
		await expectAccessible(page, pageOf[purpose]);
	});
}

for (const name of ["Impersonate", "Suspend", "Off-board"]) {
	test(`the dialog ${name} can be used by everyone`, async ({ signedInAs }) => {
		const { page } = await signedInAs("owner");
		const alice = await createPerson();
		await expectAccessible(page, `/admin/users/${alice.id}`, async () => {
			await page.getByRole("button", { name, exact: true }).click();
			const dialog = page.getByRole("alertdialog");
			await dialog.getByRole("button", { name, exact: true }).click();
			await expect(dialog).toBeVisible();
		});
	});
}

test("the dialogs that delete can be used by everyone", async ({ signedInAs }) => {
	const { page } = await signedInAs("owner");
	const alice = await createPerson();
	for (const [path, name] of [
		[`/admin/users/${alice.id}`, "Delete"],
		["/settings/profile", "Delete account"],
	] as const) {
		await expectAccessible(page, path, async () => {
			await page.getByRole("button", { name, exact: true }).click();
			await expect(page.getByRole("alertdialog")).toBeVisible();
		});
	}
});

test("selection, menus, details and toasts can be used by everyone", async ({ signedInAs }) => {
	const { page, user } = await signedInAs("owner");
	const alice = await createPerson();
	await expectAccessible(page, `/admin/sessions?q=${alice.email}`, async () => {
		const [one, other] = [await startSessionOf(alice), await startSessionOf(alice)];
		await page.reload();
		await page.getByLabel("Select all on this page").check();
		await expect(page.getByRole("region", { name: "Selection" })).toBeVisible();
		await page.getByRole("button", { name: "Force log out", exact: true }).first().click();
		await expect(page.getByText("Not seen since.")).toBeVisible();
		for (const session of [one, other]) await request("/sign-out", { as: session, method: "POST" });
	});
	await expectAccessible(page, "/dashboard", async () => {
		await page.getByRole("button", { name: "Account menu" }).click();
		await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
	});
	await expectAccessible(page, `/admin/audit?whom=${alice.email}`, async () => {
		await page
			.getByRole("button", { name: /^Details/ })
			.first()
			.click();
		await expect(page.getByRole("dialog")).toContainText(user.name);
	});
});

/** Opens the path, does something there if it is told to, and asks axe on every screen, in light and in dark. */
async function expectAccessible(page: Page, path: string, act = async () => {}): Promise<void> {
	// A page that makes itself current is without a title for a moment: axe looks at one that stands still.
	await deafen(page);
	await page.emulateMedia({ colorScheme: "light" });
	await page.goto(path);
	await act();
	await expect(page.locator("h1").first()).toBeAttached();
	await standStill(page);
	await page.evaluate(AXE);
	for (const screen of SCREENS) {
		await page.setViewportSize(screen);
		await page.emulateMedia({ colorScheme: "light" });
		await expectNothingGrave(page, `${path} at ${screen.width} px`);
		await page.emulateMedia({ colorScheme: "dark" });
		// Only the colours differ.
		await expectNothingGrave(page, `${path} at ${screen.width} px in the dark`, ["color-contrast"]);
		const content = await page.evaluate(() => document.documentElement.scrollWidth);
		expect(content, `the width of ${path}`).toBeLessThanOrEqual(screen.width);
	}
}

/** @param rules all of axe's if left out */
async function expectNothingGrave(page: Page, where: string, rules: string[] = []): Promise<void> {
	await nextFrame(page);
	const found = await page.evaluate(async (rules) => {
		// The rows of a table are alike, and what takes long is to look at hundreds of them.
		const context = { exclude: ["tbody tr:nth-child(n + 9)"] };
		const runOnly = rules.length > 0 ? rules : undefined;
		// It describes what it lists: nobody reads of what is well.
		const { violations } = await window.axe.run(context, { runOnly, resultTypes: ["violations"] });
		return violations
			.filter(({ impact }) => impact === "serious" || impact === "critical")
			.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
	}, rules);
	expect(found, where).toEqual([]);
}

/** axe measures contrast: colours must not fade from one to the other, but change at once. */
async function standStill(page: Page): Promise<void> {
	await page.evaluate(() => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important }");
		document.adoptedStyleSheets.push(sheet);
	});
}

/** Another screen or scheme shows itself in the next frame. */
const nextFrame = (page: Page) =>
	page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
