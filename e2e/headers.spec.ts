/** What every answer tells the browser: what it may run, where it may be shown, what it must not keep. */
import { expect, test } from "./fixtures";
import { createPerson, startSessionOf } from "./people";
import { appUrl, request } from "./request";

/** One of every kind of answer: page, redirect, not found, file, API answer, API refusal, refused request. */
const everyKind: [string, string, Parameters<typeof request>[1]?][] = [
	["a public page", "/"],
	["a form", "/sign-in"],
	["a redirect", "/dashboard"],
	["a page that is not there", "/nothing/here"],
	["a file", "/icon.svg"],
	["an API answer", "/api/health"],
	["an API refusal", "/api/session"],
	["an API address that is not there", "/api/nothing"],
	["a refused origin", "/sign-out", { method: "POST", headers: { Origin: "https://evil.example" } }],
	["a malformed address", "/%c0%af"],
];

for (const [kind, path, options] of everyKind) {
	test(`${kind} carries the security headers`, async () => {
		const { headers } = await request(path, options);
		expect(Object.fromEntries(headers)).toMatchObject({
			"strict-transport-security": "max-age=31536000; includeSubDomains",
			"x-content-type-options": "nosniff",
			"x-frame-options": "DENY",
			"referrer-policy": "same-origin",
			"cross-origin-opener-policy": "same-origin",
			"cross-origin-resource-policy": "same-origin",
			"content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
		});
		expect(headers.get("permissions-policy")).toContain("camera=()");
		expect(headers.has("x-powered-by")).toBe(false);
	});
}

test("scripts run by a nonce alone, and a new one for each page", async () => {
	const policies = await Promise.all(
		["/", "/", "/sign-in"].map(async (path) => {
			const answer = await request(path);
			return { policy: answer.headers.get("content-security-policy") ?? "", html: await answer.text() };
		}),
	);
	const nonces = policies.map(({ policy }) => /'nonce-([^']+)'/.exec(policy)?.[1]);
	expect(new Set(nonces).size).toBe(3);
	for (const [index, { policy, html }] of policies.entries()) {
		const scripts = policy.split(";").find((part) => part.trim().startsWith("script-src")) ?? "";
		expect(scripts).not.toMatch(/unsafe|https?:|\*/);
		const tags = html.match(/<script[^>]*>/g) ?? [];
		expect(tags.length).toBeGreaterThan(3);
		for (const tag of tags) expect(tag).toContain(`nonce="${nonces[index]}"`);
	}
});

test("a script that was slipped into a page does not run", async ({ signedInAs }) => {
	const { page } = await signedInAs("user");
	await page.goto("/dashboard");
	const violation = page.evaluate(
		() => new Promise((resolve) => document.addEventListener("securitypolicyviolation", () => resolve("refused"))),
	);
	await page.evaluate(() => {
		const script = document.createElement("div");
		script.innerHTML = '<img src="/nothing" onerror="window.slipped = true">';
		document.body.append(script);
	});
	expect(await violation).toBe("refused");
	expect(await page.evaluate(() => "slipped" in window)).toBe(false);
});

test("nothing that is private is kept by any cache", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	for (const path of [
		"/dashboard",
		"/settings/security",
		"/admin/users",
		"/dashboard?_rsc",
		"/api/session",
		"/api/admin/users",
		"/admin/audit/export",
		"/sign-in",
		"/nothing",
	]) {
		const headers: Record<string, string> = path.includes("_rsc") ? { RSC: "1" } : {};
		const answer = await request(path, { as: admin, headers });
		expect(answer.headers.get("cache-control"), path).toMatch(/private.*no-store|no-store.*private/);
		await answer.body?.cancel();
	}
	const refused = await request("/dashboard");
	expect(refused.headers.get("cache-control")).toBe("private, no-store");
});

test("no page puts a token, a hash or another person's data where it does not belong", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await startSessionOf(await createPerson());
	for (const path of [
		"/dashboard",
		"/settings/security",
		`/admin/users/${alice.user.id}`,
		`/admin/sessions?q=${alice.user.email}`,
		`/api/admin/users/${alice.user.id}`,
		`/api/admin/sessions?q=${alice.user.email}`,
		"/admin/audit/export",
	]) {
		const text = await (await request(path, { as: admin })).text();
		for (const secret of [
			alice.tokens.token,
			admin.tokens.token,
			"argon2id",
			"token_hash",
			"tokenHash",
			"passwordHash",
		]) {
			expect(text, path).not.toContain(secret);
		}
	}
});

test("signing out tells the browser to forget what it stored", async () => {
	const alice = await startSessionOf(await createPerson());
	const { headers, status } = await request("/sign-out", { as: alice, method: "POST", headers: { Origin: appUrl() } });
	expect(status).toBe(303);
	expect(headers.get("clear-site-data")).toContain('"storage"');
	expect(headers.getSetCookie()[0]).toMatch(/Max-Age=0/);
});
