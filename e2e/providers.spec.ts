/** Identity providers that owners add, change and turn off in the console, with a real one (scripts/identity-provider.ts). */
import type { Page } from "@playwright/test";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { freePort } from "@/db/embedded-server";
import { identityProviders } from "@/db/schema";
import { type IdentityProvider, startIdentityProvider } from "@/scripts/identity-provider";
import { recordAction, replay } from "./actions";
import { deafen, expect, test } from "./fixtures";
import { createPerson, forgetProof, PASSWORD, startImpersonation, startSessionOf } from "./people";
import { sayThere } from "./provider";
import { auditOf, endOf, liveSessionsOf, personWith } from "./records";
import { appUrl, appWithoutProxyUrl, request } from "./request";

const rowOf = (page: Page, { settings }: IdentityProvider) => page.getByRole("row", { name: settings.issuer });
const continueWith = (page: Page, { settings }: IdentityProvider) =>
	page.getByRole("button", { name: `Continue with ${settings.name}` });
const stored = ({ settings }: IdentityProvider) =>
	db.select().from(identityProviders).where(eq(identityProviders.id, settings.id));

/** A provider of its own, which nobody has added yet. */
async function startProvider(): Promise<IdentityProvider> {
	const mark = crypto.randomUUID().slice(0, 8);
	const started = await startIdentityProvider({
		id: `acme-${mark}`,
		port: await freePort(),
		apps: [appUrl()],
		people: [],
	});
	return { ...started, settings: { ...started.settings, name: `Acme ${mark}` } };
}

/** Fills in the form, up to the button. */
async function fillIn(page: Page, { settings }: IdentityProvider): Promise<void> {
	await page.goto("/admin/providers");
	await page.getByRole("button", { name: "Add provider" }).first().click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Name").fill(settings.name);
	await dialog.getByLabel("Issuer").fill(settings.issuer);
	await dialog.getByLabel("Client id").fill(settings.clientId);
	await dialog.getByLabel("Client secret").fill(settings.clientSecret);
}

async function add(page: Page, provider: IdentityProvider): Promise<void> {
	await fillIn(page, provider);
	await submitNew(page);
	await expect(rowOf(page, provider)).toContainText("On");
}

const submitNew = (page: Page) =>
	page.getByRole("dialog").getByRole("button", { name: "Add provider", exact: true }).click();

test("an owner adds a provider, somebody signs in with it, and turning it off signs them out at their next click", async ({
	signedInAs,
	browserFor,
}) => {
	const owner = await signedInAs("owner");
	const provider = await startProvider();
	const { id } = provider.settings;
	await fillIn(owner.page, provider);
	const dialog = owner.page.getByRole("dialog");
	await expect(dialog.getByLabel("Id", { exact: true })).toHaveValue(id);
	await expect(dialog.getByText(`${appUrl()}/sign-in/callback/${id}`)).toBeVisible();
	await expect(dialog.getByText(`${appUrl()}/api/oidc/${id}/backchannel-logout`)).toBeVisible();
	await submitNew(owner.page);
	await expect(rowOf(owner.page, provider)).toContainText("Never");

	const page = await browserFor(null);
	await deafen(page);
	const email = `nora-${crypto.randomUUID().slice(0, 8)}@example.com`;
	await page.goto("/sign-in?next=/settings/profile");
	await continueWith(page, provider).click();
	await sayThere(page, { email, name: "Nora New" });
	await expect(page).toHaveURL(/\/settings\/profile$/);
	const nora = await personWith(email);
	const [sessionId = ""] = await liveSessionsOf(nora);

	await owner.page.reload();
	await rowOf(owner.page, provider).getByRole("button", { name: "Turn off" }).click();
	const question = owner.page.getByRole("alertdialog");
	await expect(question).toContainText("1 person has no other way in");
	await question.getByLabel("And sign out everyone who signed in with it").check();
	await question.getByRole("button", { name: "Turn off" }).click();
	await expect(rowOf(owner.page, provider)).toContainText("Off");
	expect(await endOf(sessionId)).toMatchObject({ reason: "forced", endedById: owner.user.id });
	expect(await auditOf("session.forced_out", { target: nora })).toMatchObject([{ detail: { provider: id, count: 1 } }]);

	await page.goto("/dashboard");
	await expect(page).toHaveURL(/\/sign-in\?next=/);
	await expect(page.getByRole("main").getByRole("status")).toContainText("signed out");
	await expect(continueWith(page, provider)).toHaveCount(0);

	await rowOf(owner.page, provider).getByRole("button", { name: "Turn on" }).click();
	await expect(rowOf(owner.page, provider)).toContainText("On");
	await page.reload();
	await continueWith(page, provider).click();
	// The provider knows them still, and does not ask.
	await expect(page).toHaveURL(/\/dashboard$/);
	await provider.stop();
});

test("a provider that does not answer, or that is there already, is not added, and its field says why", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("owner");
	const provider = await startProvider();
	await provider.stop();
	await fillIn(page, provider);
	await submitNew(page);
	const dialog = page.getByRole("dialog");
	await expect(dialog.getByLabel("Issuer")).toHaveAccessibleDescription(/does not answer/);
	await expect(dialog.getByLabel("Name")).toHaveValue(provider.settings.name);
	expect(await stored(provider)).toEqual([]);
	await dialog.getByLabel("Id", { exact: true }).fill("demo");
	await dialog.getByLabel("Client secret").fill("another");
	await submitNew(page);
	await expect(dialog.getByLabel("Id", { exact: true })).toHaveAccessibleDescription(/Another provider has that id/);
});

test("a new secret takes a fresh proof, and one that is turned off is deleted once its id was typed", async ({
	browserFor,
}) => {
	const session = await startSessionOf(await createPerson({ role: "owner", password: PASSWORD }));
	const page = await browserFor(session);
	const provider = await startProvider();
	const { id } = provider.settings;
	await add(page, provider);
	const [before] = await stored(provider);
	await forgetProof(session.sessionId);
	await rowOf(page, provider).getByRole("button", { name: "Change" }).click();
	await page.getByLabel("New client secret").fill("a secret that is new");
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByRole("dialog").getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Confirm", exact: true }).click();
	await expect(page.getByText("Saved. It holds from the next sign-in on.")).toBeVisible();
	expect((await stored(provider))[0]?.sealedClientSecret).not.toBe(before?.sealedClientSecret);
	expect(await auditOf("provider.changed", { actor: session.user })).toHaveLength(1);

	await rowOf(page, provider).getByRole("button", { name: "Turn off" }).click();
	await page.getByRole("alertdialog").getByRole("button", { name: "Turn off" }).click();
	await deleteIt(page, provider);
	await expect(page.getByText("Deleted.")).toBeVisible();
	await expect(rowOf(page, provider)).toHaveCount(0);
	expect(await stored(provider)).toEqual([]);
	expect(await auditOf("provider.deleted", { actor: session.user })).toMatchObject([{ detail: { provider: id } }]);
	await provider.stop();

	await page.goto(`/admin/users/${session.user.id}?tab=audit`);
	for (const act of ["Added", "Changed", "Deleted"]) {
		await expect(page.getByRole("row", { name: `${act} an identity provider` })).toBeVisible();
	}
});

async function deleteIt(page: Page, provider: IdentityProvider): Promise<void> {
	await rowOf(page, provider).getByRole("button", { name: "Delete" }).click();
	const question = page.getByRole("alertdialog");
	await question.getByLabel(`Type “${provider.settings.id}” to confirm`).fill(provider.settings.id);
	await question.getByRole("button", { name: "Delete" }).click();
}

test("an admin sees the providers and changes none; support sees none", async ({ signedInAs }) => {
	const { page } = await signedInAs("admin");
	await page.goto("/admin/providers");
	await expect(page.getByRole("row", { name: "Demo identity provider" })).toContainText("Configuration");
	await expect(page.getByRole("button", { name: /Add provider|Change|Turn|Delete/ })).toHaveCount(0);
	const support = await signedInAs("support");
	await support.page.goto("/admin");
	await expect(support.page.getByRole("link", { name: "Users" })).toBeVisible();
	await expect(support.page.getByRole("link", { name: "Providers" })).toHaveCount(0);
	expect((await request("/admin/providers", { as: support })).status).toBe(404);
});

interface Act {
	/** Whether the provider is there, and turned on, before. */
	before: "not added" | "on" | "off";
	perform(page: Page, provider: IdentityProvider): Promise<void>;
}

const acts: Record<string, Act> = {
	addProviderAction: {
		before: "not added",
		perform: async (page, provider) => {
			await fillIn(page, provider);
			await submitNew(page);
		},
	},
	changeProviderAction: {
		before: "on",
		perform: async (page, provider) => {
			await rowOf(page, provider).getByRole("button", { name: "Change" }).click();
			await page.getByLabel("New client secret").fill("a secret of somebody else's");
			await page.getByRole("button", { name: "Save" }).click();
		},
	},
	turnOffProviderAction: {
		before: "on",
		perform: async (page, provider) => {
			await rowOf(page, provider).getByRole("button", { name: "Turn off" }).click();
			await page.getByRole("alertdialog").getByRole("button", { name: "Turn off" }).click();
		},
	},
	turnOnProviderAction: {
		before: "off",
		perform: (page, provider) => rowOf(page, provider).getByRole("button", { name: "Turn on" }).click(),
	},
	deleteProviderAction: { before: "off", perform: deleteIt },
};

for (const [name, { before, perform }] of Object.entries(acts)) {
	test(`${name} does nothing for anyone but an owner`, async ({ signedInAs }) => {
		const owner = await signedInAs("owner");
		const provider = await startProvider();
		if (before !== "not added") await add(owner.page, provider);
		const isIt = eq(identityProviders.id, provider.settings.id);
		if (before === "off") await db.update(identityProviders).set({ disabledAt: new Date() }).where(isIt);
		await owner.page.goto("/admin/providers");
		const recorded = await recordAction(owner.page, () => perform(owner.page, provider));
		const state = await stored(provider);
		const other = await startSessionOf(await createPerson({ role: "owner" }));
		const stale = await startSessionOf(owner.user);
		await forgetProof(stale.sessionId);
		const outsiders = [null, stale, await startImpersonation(await createPerson({ role: "admin" }), other)];
		for (const role of ["user", "support", "admin"] as const) {
			outsiders.push(await startSessionOf(await createPerson({ role })));
		}
		for (const on of [appUrl(), appWithoutProxyUrl()]) {
			for (const as of outsiders) expect((await replay(recorded, { as, on })).text).not.toContain('"ok":true');
			await replay(recorded, { as: owner, on, headers: { Origin: "https://evil.example" } });
		}
		expect(await stored(provider)).toEqual(state);
		expect((await replay(recorded, { as: owner })).text).toContain('"ok":true');
		expect(await stored(provider)).not.toEqual(state);
		await provider.stop();
	});
}
