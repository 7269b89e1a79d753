/** Changing roles: who may give which, and that it holds on the next request. */
import { assignableRoles, type Role, roles } from "@/lib/permissions/matrix";
import { recordAction, replay } from "./actions";
import { deafen, expect, hold, test } from "./fixtures";
import { createPerson, forgetProof, PASSWORD, setRole, startImpersonation, startSessionOf } from "./people";
import { auditOf, endOf, liveSessionsOf, rowOf } from "./records";
import { request, secondAppUrl } from "./request";

test("a new role holds on the person's next request, and they stay signed in", async ({ twoBrowsers }) => {
	const [owner, alice] = await twoBrowsers("owner", "user");
	expect((await request("/admin/users", { as: alice, on: secondAppUrl() })).status).toBe(404);
	await owner.page.goto(`/admin/users/${alice.user.id}`);
	await owner.page.getByLabel("Role").selectOption("support");
	await expect(owner.page.getByText(`${alice.user.name} is now support`)).toBeVisible();
	expect((await request("/admin/users", { as: alice, on: secondAppUrl() })).status).toBe(200);

	await alice.page.goto("/admin/users");
	await expect(alice.page.getByRole("table", { name: "Users" })).toBeVisible();
	await owner.page.getByLabel("Role").selectOption("user");
	await expect(owner.page.getByText(`${alice.user.name} is now a user`)).toBeVisible();
	expect((await request("/admin/users", { as: alice, on: secondAppUrl() })).status).toBe(404);
	expect((await request("/api/admin/users", { as: alice })).status).toBe(403);
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
	await expect(alice.page.getByRole("table", { name: "Users" })).toHaveCount(0);
	expect(await auditOf("user.role_changed", { target: alice.user })).toMatchObject([
		{ detail: { from: "support", to: "user" }, actorId: owner.user.id },
		{ detail: { from: "user", to: "support" } },
	]);
});

test("the select says the role that the person has, from the beginning", async ({ signedInAs }) => {
	const { page } = await signedInAs("owner");
	// Nothing is fetched anew, which would hide what the page said first.
	await deafen(page);
	for (const role of ["admin", "owner", "support"] as const) {
		await page.goto(`/admin/users/${(await createPerson({ role })).id}`);
		await page.getByRole("button", { name: "Account menu" }).click();
		await expect(page.getByRole("button", { name: "Sign out", exact: true })).toBeVisible();
		await expect(page.getByLabel("Role")).toHaveValue(role);
	}
});

test("the toast takes a role change back", async ({ twoBrowsers }) => {
	const [owner, alice] = await twoBrowsers("owner", "user");
	await owner.page.goto(`/admin/users/${alice.user.id}`);
	await owner.page.getByLabel("Role").selectOption("admin");
	await owner.page.getByRole("button", { name: "Undo" }).click();
	await expect(owner.page.getByText(`${alice.user.name} is now a user`)).toBeVisible();
	expect((await rowOf(alice.user)).role).toBe("user");
});

for (const role of roles) {
	test(`the select offers a ${role} exactly the roles that the matrix lets them give`, async ({ signedInAs }) => {
		if (role === "user") {
			const alice = await signedInAs("user");
			expect((await request(`/admin/users/${alice.user.id}`, { as: alice })).status).toBe(404);
			return;
		}
		const viewer = await signedInAs(role);
		for (const target of roles) {
			const person = await createPerson({ role: target });
			const offered = assignableRoles({ id: viewer.user.id, role }, person);
			await viewer.page.goto(`/admin/users/${person.id}`);
			const select = viewer.page.getByLabel("Role");
			if (offered.length === 0) {
				await expect(select).toBeDisabled();
				continue;
			}
			const values = await select.locator("option").evaluateAll((all) => all.map((one) => one.getAttribute("value")));
			expect(values.sort()).toEqual([...new Set([...offered, target])].sort());
		}
		await viewer.page.goto(`/admin/users/${viewer.user.id}`);
		await expect(viewer.page.getByLabel("Role")).toBeDisabled();
	});
}

test("an admin cannot make anybody an admin or an owner, whatever the request says", async ({ signedInAs }) => {
	const admin = await signedInAs("admin");
	const alice = await createPerson();
	const change = await recordAction(admin.page, async () => {
		await admin.page.goto(`/admin/users/${alice.id}`);
		await admin.page.getByLabel("Role").selectOption("support");
	});
	const as = async (role: string) => {
		const body = Buffer.from(change.body.toString("latin1").replace("\r\nsupport\r\n", `\r\n${role}\r\n`), "latin1");
		const { text } = await replay({ ...change, body }, { as: admin });
		return { text, role: (await rowOf(alice)).role };
	};
	for (const role of ["admin", "owner"] satisfies Role[]) {
		expect(await as(role)).toMatchObject({ role: "user", text: expect.stringContaining('"code":"forbidden"') });
	}
	expect(await as("emperor")).toMatchObject({ role: "user", text: expect.stringContaining('"code":"invalid"') });
	expect(await as("support")).toMatchObject({ role: "support" });
});

test("a role change that needs a fresh proof asks for the password, and then goes through", async ({ browserFor }) => {
	const admin = await startSessionOf(await createPerson({ role: "admin", password: PASSWORD }));
	const alice = await createPerson();
	await forgetProof(admin.sessionId);
	const page = await browserFor(admin);
	await page.goto(`/admin/users/${alice.id}`);
	await page.getByLabel("Role").selectOption("support");
	const dialog = page.getByRole("dialog");
	expect((await rowOf(alice)).role).toBe("user");
	await dialog.getByLabel("Password", { exact: true }).fill("not the password");
	await dialog.getByRole("button", { name: "Confirm" }).click();
	await expect(dialog.getByRole("listitem").filter({ hasText: "That is not your password." })).toBeVisible();
	await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await dialog.getByRole("button", { name: "Confirm" }).click();
	await expect(page.getByText(`${alice.name} is now support`)).toBeVisible();
	expect((await rowOf(alice)).role).toBe("support");
	// The proof gave the session a new token: the cookie that was there before opens nothing any more.
	expect((await request("/dashboard", { as: admin })).status).toBe(307);
});

test("two acts at once that need a fresh proof wait for the same one, and both go through", async ({ browserFor }) => {
	const owner = await startSessionOf(await createPerson({ role: "owner", password: PASSWORD }));
	const alice = await createPerson();
	await forgetProof(owner.sessionId);
	const page = await browserFor(owner);
	await page.goto(`/admin/users/${alice.id}`);
	const acts = await hold(page, `**/admin/users/${alice.id}`);
	let answers = 0;
	const answered = page.waitForResponse((response) => response.request().method() === "POST" && ++answers === 2);
	await page.getByLabel("Role").selectOption("support");
	await acts.asked;
	await page.getByLabel("Role").selectOption("admin");
	acts.letGo();
	await answered;
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await dialog.getByRole("button", { name: "Confirm" }).click();
	await expect(page.getByText(`${alice.name} is now support`)).toBeVisible();
	await expect(page.getByText(`${alice.name} is now an admin`)).toBeVisible();
	expect((await rowOf(alice)).role).toBe("admin");
	// An act that never ends would hold every navigation back.
	await page.getByRole("link", { name: "Audit log", exact: true }).first().click();
	await expect(page.getByRole("table", { name: "Audit log" })).toBeVisible();
});

test("demoting an admin ends the impersonations they opened, at once", async ({ signedInAs }) => {
	const owner = await signedInAs("owner");
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await createPerson();
	const impersonation = await startImpersonation(alice, admin);
	await owner.page.goto(`/admin/users/${admin.user.id}`);
	await owner.page.getByLabel("Role").selectOption("support");
	await expect(owner.page.getByText("is now support")).toBeVisible();
	expect((await request("/dashboard", { as: impersonation })).status).toBe(307);
	expect(await endOf(impersonation.sessionId)).toMatchObject({ reason: "impersonator_gone" });
	expect(await liveSessionsOf(admin.user)).toEqual([admin.sessionId]);
});

test("a demotion holds for a request that was recorded before it", async ({ signedInAs }) => {
	const admin = await signedInAs("admin");
	const alice = await startSessionOf(await createPerson());
	const forceLogout = await recordAction(admin.page, async () => {
		await admin.page.goto(`/admin/sessions?q=${alice.user.email}`);
		await admin.page.getByRole("button", { name: "Force log out", exact: true }).click();
	});
	await setRole(admin.user, "user");
	await replay(forceLogout, { as: admin });
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
});
