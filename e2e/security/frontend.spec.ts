/** What a browser is told and shown, beyond the headers (e2e/headers.spec.ts). OWASP ASVS 5.0, V3 and V6.2. */
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { createPerson, PASSWORD, startSessionOf } from "../people";
import { request } from "../request";

test("no answer lets another origin read it, whoever asks", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	for (const Origin of ["https://evil.example", "null", "http://localhost:1"]) {
		for (const path of ["/", "/dashboard", "/api/session", "/api/admin/users", "/api/openapi.json", "/icon.svg"]) {
			for (const method of ["GET", "OPTIONS"]) {
				const headers = { Origin, "Access-Control-Request-Method": "DELETE" };
				const answer = await request(path, { as: admin, method, headers });
				const allowing = [...answer.headers.keys()].filter((name) => name.startsWith("access-control-allow"));
				expect(allowing, `${method} ${path} from ${Origin}`).toEqual([]);
				await answer.body?.cancel();
			}
		}
	}
});

test("what an API answers is JSON that no browser takes for a page", async () => {
	const markup = "<script>alert(1)</script>";
	const admin = await startSessionOf(await createPerson({ role: "admin", name: markup }));
	for (const path of ["/api/session", `/api/admin/users/${admin.user.id}`, `/api/admin/users?q=${markup}&x=1`]) {
		const { headers } = await request(path, { as: admin });
		expect(headers.get("content-type"), path).toMatch(/^application\/(problem\+)?json/);
		expect(headers.get("x-content-type-options"), path).toBe("nosniff");
		expect(headers.get("content-security-policy"), path).toContain("default-src 'none'");
	}
	const file = await request("/admin/audit/export", { as: admin });
	expect(file.headers.get("content-disposition")).toMatch(/^attachment; filename="audit-log-[\d-]+\.csv"$/);
	await file.body?.cancel();
});

test("markup in a name is shown as the text that it is", async ({ signedInAs }) => {
	const owner = await signedInAs("owner");
	const name = `<img src=x onerror=alert(1)> ${crypto.randomUUID().slice(0, 8)}`;
	const person = await startSessionOf(await createPerson({ name }));
	const paths = ["/admin/users?q=", "/admin/sessions?q="].map((path) => path + encodeURIComponent(person.user.email));
	for (const path of [...paths, `/admin/users/${person.user.id}`]) {
		await owner.page.goto(path);
		await expect(owner.page.getByText(name).first(), path).toBeVisible();
		await expect(owner.page.locator("img[src=x]"), path).toHaveCount(0);
	}
});

/** Every field in which a password is typed. */
const forms: [string, (page: Page) => Promise<unknown>][] = [
	["signing in", (page) => page.goto("/sign-in")],
	["signing up", (page) => page.goto("/sign-up")],
	["changing the password", (page) => page.goto("/settings/security")],
];

for (const [what, open] of forms) {
	test(`the password fields for ${what} hide what is typed, and take what is pasted and what a manager fills in`, async ({
		browserFor,
	}) => {
		const person = what.startsWith("signing") ? null : await startSessionOf(await createPerson({ password: PASSWORD }));
		const page = await browserFor(person, { permissions: ["clipboard-read", "clipboard-write"] });
		await open(page);
		const fields = page.locator("input[name*=assword]");
		await expect(fields).not.toHaveCount(0);
		for (const field of await fields.all()) {
			await expect(field).toHaveAttribute("type", "password");
			await expect(field).toHaveAttribute("autocomplete", /^(current|new)-password$/);
			await page.evaluate((text) => navigator.clipboard.writeText(text), PASSWORD);
			await field.focus();
			await page.keyboard.press("ControlOrMeta+V");
			await expect(field).toHaveValue(PASSWORD);
		}
	});
}
