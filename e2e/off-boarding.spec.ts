/** Off-boarding: everything that a person has open ends in one act. */
import { confirm } from "./abilities";
import { expect, test } from "./fixtures";
import { createPerson, PASSWORD, startImpersonation, startSessionOf } from "./people";
import { auditOf, endOf, liveSessionsOf } from "./records";
import { request } from "./request";

test("off-boarding shows what will end, ends all of it and leaves one report", async ({ signedInAs, browserFor }) => {
	const owner = await signedInAs("owner");
	const leaver = await createPerson({ role: "admin", password: PASSWORD });
	const [first, second] = [await startSessionOf(leaver), await startSessionOf(leaver)];
	const opened = await startImpersonation(await createPerson(), first);
	const ownerElsewhere = await startSessionOf(await createPerson({ role: "owner" }));
	const of = await startImpersonation(leaver, ownerElsewhere);
	const bystander = await startSessionOf(await createPerson());

	await owner.page.goto(`/admin/users/${leaver.id}`);
	await owner.page.getByRole("button", { name: "Off-board" }).click();
	const preview = owner.page.getByRole("alertdialog");
	await expect(preview).toContainText("Sessions2");
	await expect(preview).toContainText("Impersonations they opened1");
	await expect(preview).toContainText("Impersonations of them1");
	await preview.getByRole("button", { name: "Cancel" }).click();
	await expect(preview).toHaveCount(0);
	expect(await liveSessionsOf(leaver)).toHaveLength(3);

	await confirm(owner.page, "Off-board", "Left the company");
	await expect(owner.page.getByText("Off-boarded, and 4 sessions ended.")).toBeVisible();
	await expect(
		owner.page.getByText(/Ended with it: 2 sessions, 1 impersonation they opened, 1 impersonation of them/),
	).toBeVisible();
	for (const gone of [first, second, opened, of]) {
		expect((await request("/dashboard", { as: gone })).status).toBe(307);
		expect((await endOf(gone.sessionId))?.reason).toBe("offboarded");
	}
	expect(await liveSessionsOf(ownerElsewhere.user)).toEqual([ownerElsewhere.sessionId]);
	expect(await liveSessionsOf(bystander.user)).toEqual([bystander.sessionId]);
	expect(await auditOf("user.offboarded", { target: leaver })).toMatchObject([
		{
			actorId: owner.user.id,
			reason: "Left the company",
			detail: { sessions: 2, impersonationsOpened: 1, impersonationsOf: 1 },
		},
	]);

	const page = await browserFor(null);
	await page.goto("/sign-in");
	await page.getByLabel("Email").fill(leaver.email);
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByText("do not match an active account")).toBeVisible();
});
