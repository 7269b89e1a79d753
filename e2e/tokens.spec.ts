/** Access tokens, on the production build: what a single-page app does with them, and what is left of them after the end. */
import { decodeJwt } from "jose";
import { expect, test } from "./fixtures";
import { createPerson, type SignedIn, startSessionOf } from "./people";
import { endOf, rowOf } from "./records";
import { appUrl, appWithoutProxyUrl, request, secondAppUrl } from "./request";

const instances = () => [appUrl(), secondAppUrl(), appWithoutProxyUrl()];

async function tokenOf(as: SignedIn, on = appUrl()): Promise<string> {
	const answer = await request("/api/token", { as, on, method: "POST" });
	expect(answer.status).toBe(200);
	return (await answer.json()).access_token;
}

/** As a program does that is no browser: without a cookie and without an Origin. */
const withToken = (token: string, method: string, on: string, body?: unknown) =>
	fetch(new URL("/api/v1/me", on), {
		method,
		headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
		body: body === undefined ? undefined : JSON.stringify(body),
	});

test("a token of one instance is good on the others, and its keys are published", async () => {
	const alice = await startSessionOf(await createPerson());
	const token = await tokenOf(alice);
	for (const on of instances()) {
		expect(await (await withToken(token, "GET", on)).json()).toMatchObject({ userId: alice.user.id, role: "user" });
		const { keys } = await (await fetch(new URL("/.well-known/jwks.json", on))).json();
		expect(keys.length).toBeGreaterThan(0);
		for (const key of keys) expect(key).toMatchObject({ kty: "EC", alg: "ES256", use: "sig" });
		expect(JSON.stringify(keys)).not.toContain('"d"');
	}
	expect((await withToken(token, "PATCH", secondAppUrl(), { name: "Alice B." })).status).toBe(204);
	expect((await rowOf(alice.user)).name).toBe("Alice B.");
});

test("after a forced logout there is no new token, and the old one changes nothing on any instance", async ({
	signedInAs,
}) => {
	const admin = await signedInAs("admin");
	const alice = await startSessionOf(await createPerson());
	const token = await tokenOf(alice, secondAppUrl());
	await admin.page.goto(`/admin/users/${alice.user.id}`);
	await admin.page.getByRole("button", { name: "Force log out everywhere" }).click();
	await expect.poll(() => endOf(alice.sessionId)).toMatchObject({ reason: "forced" });

	for (const on of instances()) {
		expect((await request("/api/token", { as: alice, on, method: "POST" })).status).toBe(401);
		const answer = await withToken(token, "PATCH", on, { name: "Still me" });
		expect(await answer.json()).toMatchObject({ status: 401, code: "session-ended" });
		// What believes the token alone says so in its description, and does until the token expires.
		expect((await withToken(token, "GET", on)).status).toBe(200);
	}
	expect((await rowOf(alice.user)).name).toBe(alice.user.name);
	const { exp = 0, iat = 0 } = decodeJwt(token);
	expect(exp - iat).toBeLessThanOrEqual(300);
});

test("a page of another site gets no token, also with the person's cookie", async () => {
	const alice = await startSessionOf(await createPerson());
	for (const on of instances()) {
		for (const Origin of ["https://evil.example", "null"]) {
			const answer = await request("/api/token", { as: alice, on, method: "POST", headers: { Origin } });
			expect(answer.status).toBe(403);
			expect(answer.headers.get("access-control-allow-origin")).toBeNull();
		}
	}
});

test("a page of an allowed origin may read that it was refused, and a page of another site may not", async () => {
	for (const on of instances()) {
		const refused = (Origin: string) => request("/api/token", { on, method: "POST", headers: { Origin } });
		const allowed = await refused(secondAppUrl());
		expect(allowed.status).toBe(401);
		expect(allowed.headers.get("access-control-allow-origin")).toBe(secondAppUrl());
		expect((await refused("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
	}
});
