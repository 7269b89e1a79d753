/** Sign everyone out: it acts on everyone, so this runs after all other tests, alone. */
import { db } from "@/db/client";
import { serviceClients } from "@/db/schema";
import { allows, roles } from "@/lib/permissions/matrix";
import { recordAction, replay } from "./actions";
import { expect, test } from "./fixtures";
import { measure } from "./measure-way-out";
import { createPerson, forgetProof, startImpersonation, startSessionOf } from "./people";
import { auditOf, endOf, liveSessionsOf } from "./records";
import { appUrl, appWithoutProxyUrl, request, secondAppUrl } from "./request";
import { allWays, committedLines, linesOf, remember } from "./ways-table";

test("only an owner signs everyone out, whatever the others send", async ({ signedInAs }) => {
	const owner = await signedInAs("owner");
	const alice = await startSessionOf(await createPerson());
	const everyoneOut = await recordAction(owner.page, async () => {
		await owner.page.goto("/admin/sessions");
		await owner.page.getByRole("button", { name: "Sign everyone out" }).click();
		const dialog = owner.page.getByRole("alertdialog");
		await expect(dialog.getByRole("button", { name: "Sign everyone out" })).toBeDisabled();
		await dialog.getByLabel("Type “sign everyone out” to confirm").fill("sign everyone out");
		await dialog.getByRole("button", { name: "Sign everyone out" }).click();
	});
	const other = await startSessionOf(await createPerson({ role: "owner" }));
	const stale = await startSessionOf(await createPerson({ role: "owner" }));
	await forgetProof(stale.sessionId);
	const outsiders = [null, stale, await startImpersonation(await createPerson({ role: "admin" }), other)];
	for (const role of roles) {
		if (!allows(role, "sessions.end-all")) outsiders.push(await startSessionOf(await createPerson({ role })));
	}
	for (const on of [appUrl(), appWithoutProxyUrl()]) {
		for (const as of outsiders) await replay(everyoneOut, { as, on });
		await replay(everyoneOut, { as: owner, on, headers: { Origin: "https://evil.example" } });
	}
	const headers = { "Content-Type": "application/json" };
	const body = JSON.stringify({ everyone: true });
	for (const as of outsiders) {
		const answer = await request("/api/admin/force-logouts", { as, method: "POST", headers, body });
		expect([401, 403]).toContain(answer.status);
	}
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);

	const admin = await signedInAs("admin");
	await admin.page.goto("/admin/sessions");
	await expect(admin.page.getByRole("table", { name: "Active sessions" })).toBeVisible();
	await expect(admin.page.getByRole("button", { name: "Sign everyone out" })).toHaveCount(0);
});

test("an owner signs everyone out, and only the session that asked stays", async ({ twoBrowsers }) => {
	const [owner, alice] = await twoBrowsers("owner", "user");
	const elsewhere = await startSessionOf(owner.user);
	const otherOwner = await startSessionOf(await createPerson({ role: "owner" }));
	const impersonation = await startImpersonation(await createPerson(), otherOwner);
	await alice.page.goto("/dashboard");
	await owner.page.goto("/admin/sessions");
	await owner.page.getByRole("button", { name: "Sign everyone out" }).click();
	const dialog = owner.page.getByRole("alertdialog");
	await dialog.getByLabel("Type “sign everyone out” to confirm").fill("sign everyone out");
	await dialog.getByRole("button", { name: "Sign everyone out" }).click();
	await expect(owner.page.getByText(/Everyone is signed out: [\d,]+ sessions ended\./)).toBeVisible();

	await expect(alice.page).toHaveURL(/\/sign-in/);
	await expect(alice.page.getByRole("status")).toContainText("because an administrator signed everyone out");
	for (const gone of [elsewhere, otherOwner, impersonation]) {
		expect((await request("/dashboard", { as: gone, on: secondAppUrl() })).status).toBe(307);
	}
	expect(await endOf(elsewhere.sessionId)).toMatchObject({ reason: "forced_for_all", endedById: owner.user.id });
	expect(await liveSessionsOf(owner.user)).toEqual([owner.sessionId]);
	await owner.page.goto("/admin/sessions");
	await expect(owner.page.getByRole("table", { name: "Active sessions" }).getByRole("row")).toHaveCount(2);
	expect(await auditOf("session.forced_out_all", { actor: owner.user })).toHaveLength(1);
});

for (const way of allWays.filter(({ reason }) => reason === "forced_for_all")) {
	test(`${way.does}: the session is over on every surface, and docs/sessions.md says so`, async ({
		browserFor,
		signedInAs,
	}) => {
		const measured = await measure(way, { browserFor, signedInAs });
		remember(measured);
		expect(linesOf(measured), "npm run docs:sessions writes it down").toEqual(committedLines(way.does));
	});
}

test("whoever gives the first service an account reads its secret, though the page is another one then", async ({
	signedInAs,
}) => {
	const { page } = await signedInAs("owner");
	await db.delete(serviceClients);
	await page.goto("/admin/services");
	await expect(page.getByText("No service has an account yet")).toBeVisible();
	await page.getByRole("button", { name: "New service" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Name").fill("first");
	await dialog.getByLabel("Scopes").fill("inventory:read");
	await dialog.getByLabel("May call").fill("https://inventory.example");
	await dialog.getByRole("button", { name: "Create service" }).click();
	await expect(page.locator("table[aria-label='Service clients'] tbody tr")).toHaveCount(1);
	await expect(dialog).toContainText("It is not shown again.");
});
