/** Signing in with an identity, in the browser, at a real identity provider (scripts/identity-provider.ts). */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { linkIn, mailTo } from "./mail";
import { createPerson, forgetProof, PASSWORD, startSessionOf } from "./people";
import { linkIdentityOf, provider, sayThere } from "./provider";
import { auditOf, liveSessionsOf, personWith } from "./records";

const continueThere = (page: Page) => page.getByRole("button", { name: `Continue with ${provider().name}` }).click();
const newAddress = () => `federated-${crypto.randomUUID().slice(0, 8)}@example.com`;

test("somebody new signs in with an identity and lands where they wanted to go", async ({ page }) => {
	await page.goto("/settings/security");
	await expect(page).toHaveURL(/\/sign-in\?next=/);
	await continueThere(page);
	await sayThere(page, { email: newAddress(), name: "Nora New" });
	await expect(page).toHaveURL(/\/settings\/security$/);
	await expect(page.getByText("Nora New")).toBeVisible();
});

test("signing in with an identity works without JavaScript", async ({ browserFor }) => {
	const page = await browserFor(null, { javaScriptEnabled: false });
	await page.goto("/sign-in");
	await continueThere(page);
	await page.getByRole("button", { name: "Cancel" }).click();
	await expect(page.getByRole("main").getByRole("alert")).toHaveText(/did not go through with it/);
	expect(new URL(page.url()).pathname).toBe("/sign-in");
});

test("an address that the provider has not verified opens nobody's account, and the page says why", async ({
	page,
}) => {
	const owner = await createPerson({ role: "owner" });
	await page.goto("/sign-in?next=/projects");
	await continueThere(page);
	await sayThere(page, { email: owner.email, verified: "no" });
	await expect(page.getByRole("main").getByRole("alert")).toHaveText(
		/cannot tell that the e-mail address there is yours/,
	);
	await expect(page.getByLabel("Email")).toBeVisible();
	expect(await auditOf("session.started", { target: owner })).toEqual([]);
});

test("an identity is linked in the settings, after a proof, and unlinked again", async ({ browserFor }) => {
	const user = await createPerson({ password: PASSWORD });
	const session = await startSessionOf(user);
	await forgetProof(session.sessionId);
	const page = await browserFor(session);
	await page.goto("/settings/security");
	await page.getByRole("button", { name: `Link ${provider().name}` }).click();
	await page.getByRole("dialog").getByLabel("Password").fill(PASSWORD);
	await page.getByRole("button", { name: "Confirm", exact: true }).click();
	const email = newAddress();
	await sayThere(page, { email });
	await expect(page.getByRole("status").filter({ hasText: "It is linked" })).toBeVisible();
	await expect(page.getByRole("list", { name: "Linked identities" })).toContainText(email);
	expect(await auditOf("identity.linked", { target: user })).toHaveLength(1);
	await page.getByRole("button", { name: `Unlink ${provider().name}` }).click();
	await expect(page.getByText("None yet.")).toBeVisible();
	expect(await auditOf("identity.unlinked", { target: user })).toHaveLength(1);
});

test("somebody without a password proves who they are at their provider, cannot lose their only way in, and can get a password", async ({
	page,
}) => {
	const email = newAddress();
	await page.goto("/sign-in?next=/settings/security");
	await continueThere(page);
	await sayThere(page, { email });
	await page.getByRole("list", { name: "Linked identities" }).waitFor();
	const [sessionId = ""] = await liveSessionsOf(await personWith(email));
	await forgetProof(sessionId);
	const unlink = page.getByRole("button", { name: `Unlink ${provider().name}` });
	await unlink.click();
	await page.getByRole("button", { name: `Confirm with ${provider().name}` }).click();
	await sayThere(page, { email });
	await expect(page).toHaveURL(/\/settings\/security$/);
	await unlink.click();
	await expect(page.getByText("This is your only way to sign in.")).toBeVisible();
	await page.getByRole("button", { name: "Mail me a link to set one" }).click();
	await page.goto(linkIn(await mailTo(email, "Choose a new password")));
	await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Set new password" }).click();
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page).toHaveURL(/\/dashboard$/);
});

test("who signs out at the provider is signed out here: the open tab leaves and says why", async ({
	page,
	context,
}) => {
	await page.goto("/sign-in");
	await continueThere(page);
	await sayThere(page, { email: newAddress() });
	await expect(page).toHaveURL(/\/dashboard$/);
	const there = await context.newPage();
	await there.goto(`${provider().issuer}/session/end`);
	await there.getByRole("button", { name: /yes/i }).click();
	await expect(page).toHaveURL(/\/sign-in\?next=/);
	await expect(page.getByRole("main").getByRole("status")).toHaveText(
		"You were signed out because you signed out at your identity provider.",
	);
});

test("who signs out here is offered to sign out at the provider too", async ({ page }) => {
	await page.goto("/sign-in");
	await continueThere(page);
	await sayThere(page, { email: newAddress() });
	await page.getByRole("button", { name: "Account menu" }).click();
	await page.getByRole("button", { name: "Sign out" }).click();
	await page.getByRole("link", { name: `Sign out of ${provider().name} too` }).click();
	await page.getByRole("button", { name: /yes/i }).click();
	await expect(page).toHaveURL(/\/sign-in/);
	await continueThere(page);
	await expect(page.getByRole("heading", { name: "Who are you?" })).toBeVisible();
});

test("the console shows with which identities a person signs in", async ({ signedInAs }) => {
	const { page } = await signedInAs("support");
	const person = await createPerson();
	await linkIdentityOf(person);
	await page.goto(`/admin/users/${person.id}`);
	await expect(page.getByRole("region", { name: "Linked identities" })).toContainText(provider().name);
});
