/** What reaches people by mail, and what the links in it do: read from the real mail, opened in a real browser. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { linkIn, mailsTo, mailTo, withoutMailServer } from "./mail";
import { createPerson, forgetProof, PASSWORD, startSessionOf, suspend } from "./people";
import { auditOf, endOf, liveSessionsOf, rowOf } from "./records";
import { appUrl, request } from "./request";

const NEW_PASSWORD = "a quite different sentence";
const heading = (page: Page) => page.getByRole("heading", { level: 1 });

test("a forgotten password is replaced by way of the mail: everyone is out, and nobody is signed in by it", async ({
	browserFor,
	page,
}) => {
	const alice = await createPerson({ password: PASSWORD });
	const session = await startSessionOf(alice);
	const open = await browserFor(session);
	await open.goto("/dashboard");

	await page.goto("/sign-in");
	await page.getByRole("link", { name: "Forgot your password?" }).click();
	await askForLink(page, alice.email);
	const mail = await mailTo(alice.email, "Choose a new password");
	await page.goto(linkIn(mail));
	await expect(page).toHaveURL(`${appUrl()}/reset-password`);
	await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
	await page.getByRole("button", { name: "Set new password" }).click();
	await expect(page.getByRole("status").filter({ hasText: "Your password was changed." })).toBeVisible();
	expect(await page.context().cookies()).toEqual([]);

	await expect(open.getByRole("status")).toContainText("You were signed out because your password was reset.");
	expect(await endOf(session.sessionId)).toMatchObject({ reason: "password_reset", endedById: alice.id });
	expect(await liveSessionsOf(alice)).toEqual([]);
	expect(await auditOf("password.reset", { target: alice })).toHaveLength(1);
	await mailTo(alice.email, "Your password was changed");

	await signIn(page, alice.email, PASSWORD);
	await expect(page.getByText("do not match an active account")).toBeVisible();
	await signIn(page, alice.email, NEW_PASSWORD);
	await expect(page).toHaveURL("/dashboard");
});

test("asking for a link looks the same for known, unknown and suspended people", async ({ page }) => {
	const [alice, suspended] = [await createPerson(), await createPerson()];
	await suspend(suspended);
	const answers: string[] = [];
	for (const email of [alice.email, `nobody-${crypto.randomUUID()}@example.com`, suspended.email]) {
		await page.goto("/forgot-password");
		await askForLink(page, email);
		answers.push(page.url() + (await page.locator("main").textContent()));
	}
	expect(new Set(answers).size).toBe(1);
	await mailTo(alice.email, "Choose a new password");
	expect(await mailsTo(suspended.email)).toEqual([]);
});

test("a mail scanner that opens the link uses nothing up, and a used link says so and offers a new one", async ({
	page,
}) => {
	const alice = await createPerson({ password: PASSWORD });
	await page.goto("/forgot-password");
	await askForLink(page, alice.email);
	const link = linkIn(await mailTo(alice.email));
	for (let scan = 0; scan < 3; scan++) {
		expect((await request(new URL(link).pathname)).status).toBe(303);
		expect((await request(new URL(link).pathname, { method: "HEAD" })).status).toBe(303);
	}
	await page.goto(link);
	await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
	await page.getByRole("button", { name: "Set new password" }).click();
	await expect(page).toHaveURL(/\/sign-in/);
	for (const stale of [link, `${appUrl()}/link/reset-password/garbage`]) {
		await page.goto(stale);
		await expect(heading(page)).toHaveText("This link no longer works");
		await expect(page.getByRole("link", { name: "Ask for a new link" })).toHaveAttribute("href", "/forgot-password");
	}
});

test("the token stays in no address, no page and no Referer", async ({ page }) => {
	const alice = await createPerson();
	await page.goto("/forgot-password");
	await askForLink(page, alice.email);
	const link = linkIn(await mailTo(alice.email));
	const token = link.split("/").at(-1) as string;
	const seen: string[] = [];
	page.on("request", (sent) => {
		if (!sent.url().includes(token)) seen.push(JSON.stringify(sent.headers()) + sent.url());
	});
	await page.goto(link);
	await expect(heading(page)).toHaveText("Choose a new password");
	expect(page.url()).not.toContain(token);
	expect(await page.content()).not.toContain(token);
	await page.getByRole("link", { name: "Kickoff" }).click();
	await expect(page).toHaveURL("/");
	expect(seen.length).toBeGreaterThan(0);
	expect(seen.filter((headers) => headers.includes(token))).toEqual([]);
});

test("an admin has a reset mailed to a person, and the console says what happened", async ({ twoBrowsers, page }) => {
	const [admin, alice] = await twoBrowsers("admin", "user");
	await admin.page.goto(`/admin/users/${alice.user.id}`);
	await admin.page.getByRole("button", { name: "Send password reset" }).click();
	await expect(admin.page.getByText("is on its way to them")).toBeVisible();
	expect(await auditOf("password.reset_sent", { actor: admin.user, target: alice.user })).toHaveLength(1);
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);

	const mail = await mailTo(alice.user.email, "Choose a new password");
	expect(mail.text).toContain("an administrator asks you");
	await page.goto(linkIn(mail));
	await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
	await page.getByRole("button", { name: "Set new password" }).click();
	await expect(page).toHaveURL(/\/sign-in/);
	expect(await endOf(alice.sessionId)).toMatchObject({ reason: "password_reset" });
	await admin.page.goto(`/admin/users/${alice.user.id}?tab=ended`);
	await expect(admin.page.getByRole("cell", { name: "Password reset" })).toBeVisible();
});

test("a change of address is confirmed at the new one, and undone from the old one", async ({ browserFor, page }) => {
	const alice = await createPerson({ password: PASSWORD });
	const [here, elsewhere] = [await startSessionOf(alice), await startSessionOf(alice)];
	const [own, other] = [await browserFor(here), await browserFor(elsewhere)];
	await other.goto("/dashboard");
	await forgetProof(here.sessionId);
	const moved = `moved-${crypto.randomUUID().slice(0, 8)}@example.com`;
	await own.goto("/settings/profile");
	await own.getByLabel("New address").fill(moved);
	await own.getByRole("button", { name: "Change address" }).click();
	const dialog = own.getByRole("dialog");
	await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await dialog.getByRole("button", { name: "Confirm" }).click();
	await expect(own.getByText(`We sent a link to ${moved}.`)).toBeVisible();
	await expect(own.getByText("Waiting for you to open the link")).toBeVisible();
	expect((await rowOf(alice)).email).toBe(alice.email);

	await page.goto(linkIn(await mailTo(moved, "Confirm your new e-mail address")));
	expect((await rowOf(alice)).email).toBe(alice.email);
	await page.getByRole("button", { name: "Confirm new address" }).click();
	await expect(heading(page)).toHaveText("Your address was changed");
	expect((await rowOf(alice)).email).toBe(moved);
	await expect(other.getByRole("status")).toContainText("because the e-mail address of your account was changed");
	expect(await liveSessionsOf(alice)).toEqual([here.sessionId]);
	await expect(own.getByLabel("Email", { exact: true })).toHaveValue(moved);

	const notice = await mailTo(alice.email, "Your e-mail address was changed");
	await page.goto(linkIn(notice));
	await page.getByRole("button", { name: "Undo the change" }).click();
	await expect(heading(page)).toHaveText("Your address is yours again");
	expect(await rowOf(alice)).toMatchObject({ email: alice.email, passwordHash: null });
	expect(await liveSessionsOf(alice)).toEqual([]);
	await mailTo(alice.email, "Choose a new password");
});

test("a sign-in from a new device is told of, and “This wasn’t me” ends it at once and starts a reset", async ({
	browserFor,
	page,
}) => {
	const alice = await createPerson({ password: PASSWORD });
	await startSessionOf(alice);
	const stranger = await browserFor(null);
	await stranger.goto("/sign-in");
	await signIn(stranger, alice.email, PASSWORD);
	await expect(stranger).toHaveURL("/dashboard");
	const [, theirs] = await liveSessionsOf(alice);

	const mail = await mailTo(alice.email, "New sign-in to your account");
	expect(mail.text).toContain("Chrome on Windows");
	await page.goto(linkIn(mail));
	await expect(heading(page)).toHaveText("Was this you?");
	expect(await liveSessionsOf(alice)).toContain(theirs);
	await page.getByRole("button", { name: "This wasn’t me" }).click();
	await expect(heading(page)).toHaveText("That session is over");
	expect(await endOf(theirs as string)).toMatchObject({ reason: "disowned", endedById: alice.id });
	await expect(stranger).toHaveURL(/\/sign-in/);
	await expect(stranger.getByRole("status")).toContainText("the owner of the account said that this was not them");
	await signIn(stranger, alice.email, PASSWORD);
	await expect(stranger.getByText("do not match an active account")).toBeVisible();
	expect((await mailTo(alice.email, "Choose a new password")).text).toContain("a sign-in was not you");
});

test("while the mail server is dead people sign in as ever, and their mail arrives when it is back", async ({
	page,
}) => {
	const alice = await createPerson({ password: PASSWORD });
	await startSessionOf(alice);
	await withoutMailServer(async () => {
		await page.goto("/forgot-password");
		await askForLink(page, alice.email);
		await page.goto("/sign-in");
		await signIn(page, alice.email, PASSWORD);
		await expect(page).toHaveURL("/dashboard");
		expect(await mailsTo(alice.email)).toEqual([]);
	});
	await mailTo(alice.email, "New sign-in to your account");
	await mailTo(alice.email, "Choose a new password");
	const subjects = (await mailsTo(alice.email)).map(({ subject }) => subject);
	expect(subjects.toSorted()).toEqual(["Choose a new password", "New sign-in to your account"]);
});

test("two instances work the queue together and send each mail once", async ({ page }) => {
	const people = await Promise.all(Array.from({ length: 12 }, () => createPerson()));
	for (const { email } of people) {
		await page.goto("/forgot-password");
		await askForLink(page, email);
	}
	for (const { email } of people) await mailTo(email);
	for (const { email } of people) expect(await mailsTo(email)).toHaveLength(1);
});

test("the mailbox of development does not exist in production", async () => {
	expect((await request("/dev/mailbox")).status).toBe(404);
});

async function askForLink(page: Page, email: string): Promise<void> {
	await expect(heading(page)).toHaveText("Forgot your password?");
	await page.getByLabel("Email").fill(email);
	await page.getByRole("button", { name: "Send link" }).click();
	await expect(heading(page)).toHaveText("Check your mail");
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(password);
	await page.getByRole("button", { name: "Sign in" }).click();
}
