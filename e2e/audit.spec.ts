/** The audit log: who did what, and the file of it. */
import { readFile } from "node:fs/promises";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { auditEvents } from "@/db/schema";
import { confirm } from "./abilities";
import { expect, test } from "./fixtures";
import { createPerson, forgetProof, PASSWORD, startSessionOf } from "./people";
import { auditOf } from "./records";
import { request } from "./request";

test("an act is on record with who, what, on whom, from where and why", async ({ signedInAs }) => {
	const { page, user } = await signedInAs("admin");
	const alice = await createPerson();
	await page.goto(`/admin/users/${alice.id}`);
	await confirm(page, "Suspend", "Under investigation");
	await expect(page.getByRole("button", { name: "Reactivate" })).toBeVisible();
	await page.goto(`/admin/audit?person=${alice.id}`);
	const row = page.getByRole("table", { name: "Audit log" }).getByRole("row").nth(1);
	await expect(row).toContainText(user.name);
	await expect(row).toContainText("Suspended an account");
	await expect(row).toContainText(alice.name);
	await expect(row).toContainText("Under investigation");
	await expect(row).toContainText(/127\.0\.0\.1|::1/);
	await row.getByRole("button", { name: /^Details/ }).click();
	await expect(page.getByRole("dialog")).toContainText("user.suspended");
	await expect(page.getByRole("dialog")).toContainText(user.email);
});

test("events are found by who, on whom, what, when and from where", async ({ signedInAs }) => {
	const { page, user } = await signedInAs("support");
	const [alice, bob] = [await startSessionOf(await createPerson()), await startSessionOf(await createPerson())];
	for (const target of [alice, bob]) {
		await request(`/api/admin/sessions/${target.sessionId}`, { as: await startSessionOf(user), method: "DELETE" });
	}
	const rows = page.getByRole("table", { name: "Audit log" }).getByRole("row");
	await page.goto("/admin/audit");
	await page.getByLabel("Who", { exact: true }).fill(user.email);
	await expect(rows).toHaveCount(3);
	await page.getByLabel("On whom").fill(alice.user.email);
	await expect(rows).toHaveCount(2);
	await expect(rows.nth(1)).toContainText(alice.user.name);
	await page.getByLabel("What").selectOption("session.forced_out");
	await expect(rows).toHaveCount(2);
	await page.getByLabel("What").selectOption("user.suspended");
	await expect(page.getByText("No such event")).toBeVisible();
	await page.goto(`/admin/audit?whom=${alice.user.email}&ip=10.0.0.0/8`);
	await expect(page.getByText("No such event")).toBeVisible();
	await page.goto(`/admin/audit?whom=${alice.user.email}`);
	await expect(rows).not.toHaveCount(1);
	await page.getByLabel("To (UTC)").fill("2001-01-01");
	await expect(page.getByText("No such event")).toBeVisible();
});

test("an admin takes the log away as a file in which no cell is a formula", async ({ signedInAs }) => {
	const { page, user } = await signedInAs("admin");
	const mallory = await createPerson({ name: "=HYPERLINK(1)" });
	await request(`/api/admin/users/${mallory.id}/sessions`, { as: await startSessionOf(user), method: "DELETE" });
	await page.goto(`/admin/audit?person=${mallory.id}`);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Export CSV" }).click(),
	]);
	expect(download.suggestedFilename()).toMatch(/^audit-log-\d{4}-\d\d-\d\d\.csv$/);
	const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
	expect(lines).toHaveLength(2);
	expect(lines[0]).toContain("occurred_at,action,actor_id,actor");
	expect(lines[1]).toContain("session.forced_out_everywhere");
	expect(lines[1]).toContain("'=HYPERLINK(1)");
	expect(await auditOf("audit.exported", { actor: user })).toHaveLength(1);
});

test("the file asks for the password again when that was given too long ago", async ({ browserFor }) => {
	const admin = await startSessionOf(await createPerson({ role: "admin", password: PASSWORD }));
	await forgetProof(admin.sessionId);
	const page = await browserFor(admin);
	expect((await request("/admin/audit/export", { as: admin })).status).toBe(403);
	await page.goto(`/admin/audit?person=${admin.user.id}`);
	await page.getByRole("button", { name: "Export CSV" }).click();
	await page.getByRole("dialog").getByLabel("Password", { exact: true }).fill(PASSWORD);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("dialog").getByRole("button", { name: "Confirm" }).click(),
	]);
	expect(await readFile(await download.path(), "utf8")).toContain("session.proven");
});

test("support reads the log and has no file of it", async ({ signedInAs }) => {
	const support = await signedInAs("support");
	await support.page.goto("/admin/audit");
	await expect(support.page.getByRole("table", { name: "Audit log" })).toBeVisible();
	await expect(support.page.getByRole("button", { name: "Export CSV" })).toHaveCount(0);
	expect((await request("/admin/audit/export", { as: support })).status).toBe(404);
});

test("nothing in the log can be changed or removed, not even in the database", async () => {
	const alice = await startSessionOf(await createPerson());
	await request("/sign-out", { as: alice, method: "POST" });
	const mine = eq(auditEvents.actorId, alice.user.id);
	await expect(db.update(auditEvents).set({ reason: "changed" }).where(mine)).rejects.toThrow();
	await expect(db.delete(auditEvents).where(mine)).rejects.toThrow();
	await expect(db.execute(sql`truncate audit_events`)).rejects.toThrow();
	expect(await auditOf("session.ended", { actor: alice.user })).toHaveLength(1);
});

test("bad filters and cursors get a message and the whole log", async () => {
	const support = await startSessionOf(await createPerson({ role: "support" }));
	await request("/sign-out", { as: await startSessionOf(await createPerson()), method: "POST" });
	for (const query of [
		"what=magic",
		"from=tomorrow",
		"from=2026-02-02&to=2026-02-01",
		"ip=1.2.3",
		"person=1",
		"who=%00",
		`whom=${"x".repeat(300)}`,
		"unknown=1",
		"cursor=nonsense",
	]) {
		const answer = await request(`/admin/audit?${query}`, { as: support });
		expect(answer.status, query).toBe(200);
		const html = await answer.text();
		expect(html, query).toContain(`role="alert"`);
		expect(html, query).toContain("<table");
	}
});
