/** Services: an owner gives one an account in the console, and it calls another that knows nothing but our public keys. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "@playwright/test";
import { count, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { freePort } from "@/db/embedded-server";
import { serviceClients, signingKeys } from "@/db/schema";
import { recordAction, replay } from "./actions";
import { ROOT } from "./build";
import { expect, test } from "./fixtures";
import { createPerson, startImpersonation, startSessionOf } from "./people";
import { appUrl, appWithoutProxyUrl, request, secondAppUrl } from "./request";

interface Credentials {
	id: string;
	secret: string;
}

/** Creates a service in the console, and reads what it shows once. */
async function createService(page: Page, audience: string, name = `sync ${crypto.randomUUID()}`): Promise<Credentials> {
	await page.goto("/admin/services");
	await page.getByRole("button", { name: "New service" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Name").fill(name);
	await dialog.getByLabel("Scopes").fill("inventory:read");
	await dialog.getByLabel("May call").fill(audience);
	await dialog.getByRole("button", { name: "Create service" }).click();
	await expect(dialog).toContainText("It is not shown again.");
	const [id = "", secret = ""] = await dialog.locator("code").allTextContents();
	await dialog.getByRole("button", { name: "Done" }).click();
	await expect(page.getByRole("row", { name })).toContainText(id);
	await expect(page.getByText(secret)).toHaveCount(0);
	return { id, secret };
}

async function tokenFor({ id, secret }: Credentials, form: Record<string, string> = {}, on = appUrl()) {
	const answer = await fetch(new URL("/api/oauth/token", on), {
		method: "POST",
		headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
		body: new URLSearchParams({ grant_type: "client_credentials", ...form }),
	});
	return { status: answer.status, ...(await answer.json()) };
}

/** Starts the example service; it asks the second instance for the keys, though the first one signs. */
async function startInventory(): Promise<{ url: string; stop: () => Promise<void> }> {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const script = join(ROOT, "docs", "examples", "inventory-service", "server.mjs");
	const env = { ...process.env, ISSUER: appUrl(), AUDIENCE: url, PORT: String(port) };
	const child: ChildProcess = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "inherit"] });
	if (child.stdout) await once(createInterface(child.stdout), "line");
	return {
		url,
		stop: async () => {
			const gone = once(child, "exit");
			child.kill();
			await gone;
		},
	};
}

test("a service with an account calls another one, which asks us for nothing but our keys", async ({ signedInAs }) => {
	const { page } = await signedInAs("owner");
	const inventory = await startInventory();
	try {
		const client = await createService(page, inventory.url);
		const call = (token: string) => fetch(inventory.url, { headers: { Authorization: `Bearer ${token}` } });

		const { access_token } = await tokenFor(client, {}, secondAppUrl());
		expect(await (await call(access_token)).json()).toMatchObject({ items: ["anvil", "bellows"], for: client.id });

		const alice = await startSessionOf(await createPerson());
		const own = await (await request("/api/token", { as: alice, method: "POST" })).json();
		expect((await call(own.access_token)).status).toBe(401);
		const exchanged = await tokenFor(client, {
			grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
			subject_token: own.access_token,
			subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
		});
		expect(await (await call(exchanged.access_token)).json()).toMatchObject({ for: alice.user.id, by: client.id });
		expect((await call("not a token")).status).toBe(401);

		const elsewhere = await createService(page, "https://elsewhere.example");
		expect((await call((await tokenFor(elsewhere)).access_token)).status).toBe(401);
	} finally {
		await inventory.stop();
	}
});

test("a secret that is on its way or shown is lost neither to Escape nor to a click beside it", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("owner");
	await page.goto("/admin/services");
	await page.getByRole("button", { name: "New service" }).click();
	const dialog = page.getByRole("dialog");
	async function tryToLeave() {
		await page.keyboard.press("Escape");
		await page.mouse.click(5, 5);
		await expect(dialog.getByRole("button", { name: "Close" })).toHaveCount(0);
	}
	await dialog.getByLabel("Name").fill(`sync ${crypto.randomUUID()}`);
	await dialog.getByLabel("Scopes").fill("inventory:read");
	await dialog.getByLabel("May call").fill("https://inventory.example");
	const held = Promise.withResolvers<void>();
	await page.route("/admin/services", async (route) => {
		await held.promise;
		await route.continue();
	});
	await dialog.getByRole("button", { name: "Create service" }).click();
	await tryToLeave();
	await expect(dialog.getByRole("button", { name: "Cancel" })).toBeDisabled();
	held.resolve();
	await expect(dialog).toContainText("It is not shown again.");
	await tryToLeave();
	await expect(dialog).toContainText("It is not shown again.");
	await dialog.getByRole("button", { name: "Done" }).click();
	await expect(dialog).toHaveCount(0);

	await page.getByRole("button", { name: "New service" }).click();
	await expect(dialog.getByLabel("Name")).toHaveValue("");
	await page.keyboard.press("Escape");
	await expect(dialog).toHaveCount(0);
});

test("a disabled service, and an old secret, get no token on any instance", async ({ signedInAs }) => {
	const { page } = await signedInAs("owner");
	const client = await createService(page, "https://inventory.example");
	const row = page.getByRole("row", { name: client.id });
	await row.getByRole("button", { name: "New secret" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Give a new secret" }).click();
	await expect(dialog).toContainText("It is not shown again.");
	const [, secret = ""] = await dialog.locator("code").allTextContents();
	await dialog.getByRole("button", { name: "Done" }).click();
	expect(await tokenFor(client, {}, secondAppUrl())).toMatchObject({ status: 401, error: "invalid_client" });
	expect((await tokenFor({ ...client, secret })).status).toBe(200);

	await row.getByRole("button", { name: "Disable" }).click();
	await expect(row).toContainText("Disabled");
	for (const on of [appUrl(), secondAppUrl()]) {
		expect(await tokenFor({ ...client, secret }, {}, on)).toMatchObject({ status: 401, error: "invalid_client" });
	}
	await row.getByRole("button", { name: "Enable" }).click();
	await expect(row).not.toContainText("Disabled");
	expect((await tokenFor({ ...client, secret })).status).toBe(200);
});

test("an admin sees the services and changes none; support sees none", async ({ signedInAs }) => {
	const owner = await signedInAs("owner");
	const client = await createService(owner.page, "https://inventory.example");
	const { page } = await signedInAs("admin");
	await page.goto("/admin/services");
	await expect(page.getByRole("row", { name: client.id })).toBeVisible();
	await expect(page.getByRole("button", { name: /New service|New secret|Disable|Rotate|compromised/ })).toHaveCount(0);
	const support = await signedInAs("support");
	await support.page.goto("/admin");
	await expect(support.page.getByRole("link", { name: "Users" })).toBeVisible();
	await expect(support.page.getByRole("link", { name: "Services" })).toHaveCount(0);
	expect((await request("/admin/services", { as: support })).status).toBe(404);
});

const acts: Record<string, (page: Page, clientId: string) => Promise<void>> = {
	createServiceClientAction: async (page) => {
		await page.getByRole("button", { name: "New service" }).click();
		await page.getByLabel("Name").fill(`copy ${crypto.randomUUID()}`);
		await page.getByLabel("Scopes").fill("x");
		await page.getByLabel("May call").fill("https://x.example");
		await page.getByRole("button", { name: "Create service" }).click();
	},
	rotateSecretAction: async (page, id) => {
		await page.getByRole("row", { name: id }).getByRole("button", { name: "New secret" }).click();
		await page.getByRole("button", { name: "Give a new secret" }).click();
	},
	disableServiceClientAction: async (page, id) => {
		await page.getByRole("row", { name: id }).getByRole("button", { name: "Disable" }).click();
	},
	rotateKeysAction: async (page) => {
		await page.getByRole("button", { name: "Rotate now" }).click();
	},
};

for (const [name, act] of Object.entries(acts)) {
	test(`${name} does nothing for anyone but an owner`, async ({ signedInAs }) => {
		const owner = await signedInAs("owner");
		const { id } = await createService(owner.page, "https://inventory.example");
		await request("/api/token", { as: owner, method: "POST" });
		await owner.page.reload();
		const recorded = await recordAction(owner.page, () => act(owner.page, id));
		const state = async () => ({
			client: await db.select().from(serviceClients).where(eq(serviceClients.id, id)),
			copies: await db
				.select({ copies: count() })
				.from(serviceClients)
				.where(eq(serviceClients.createdById, owner.user.id)),
			keys: (await db.select({ id: signingKeys.id }).from(signingKeys)).length > 0,
		});
		const before = await state();
		const other = await startSessionOf(await createPerson({ role: "owner" }));
		const outsiders = [null, await startImpersonation(await createPerson({ role: "admin" }), other)];
		for (const role of ["user", "support", "admin"] as const) {
			outsiders.push(await startSessionOf(await createPerson({ role })));
		}
		for (const on of [appUrl(), appWithoutProxyUrl()]) {
			for (const as of outsiders) expect((await replay(recorded, { as, on })).text).not.toContain('"ok":true');
			await replay(recorded, { as: owner, on, headers: { Origin: "https://evil.example" } });
		}
		expect(await state()).toEqual(before);
		expect((await replay(recorded, { as: owner })).text).toContain('"ok":true');
	});
}
