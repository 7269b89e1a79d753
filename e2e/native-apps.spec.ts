/** Native apps, on the production build: they have a refresh token instead of a cookie, and a session like any other. */

import { refreshWith, sendForm, signInApp } from "./apps";
import { expect, test } from "./fixtures";
import { mailTo } from "./mail";
import { createPerson, PASSWORD, startAppSessionOf, startSessionOf } from "./people";
import { auditOf, endOf, liveSessionsOf } from "./records";
import { appUrl, appWithoutProxyUrl, request, secondAppUrl } from "./request";

const COPIED = "You were signed out because someone may have copied the sign-in of this app.";

/** What an access token is worth where its session is looked up. */
const rename = (token: string, on = appUrl()) =>
	fetch(new URL("/api/v1/me", on), {
		method: "PATCH",
		headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
		body: JSON.stringify({ name: "Alice B." }),
	});

test("an app signs in with a password, works, refreshes on any instance and signs out", async () => {
	const alice = await createPerson({ password: PASSWORD });
	let tokens = await signInApp({ email: alice.email, password: PASSWORD, device: "Alice’s phone" });
	expect(tokens).toMatchObject({ status: 200, token_type: "Bearer", expires_in: 300 });
	for (const on of [secondAppUrl(), appWithoutProxyUrl(), appUrl()]) {
		tokens = await refreshWith(tokens.refresh_token, on);
		expect(tokens.status).toBe(200);
		expect((await rename(tokens.access_token, on)).status).toBe(204);
	}
	expect(await liveSessionsOf(alice)).toHaveLength(1);
	expect((await sendForm("/api/oauth/revoke", { token: tokens.refresh_token }, secondAppUrl())).status).toBe(200);
	expect(await liveSessionsOf(alice)).toEqual([]);
	expect(await refreshWith(tokens.refresh_token)).toMatchObject({
		status: 400,
		error: "invalid_grant",
		error_description: "You were signed out.",
	});
	expect((await rename(tokens.access_token)).status).toBe(401);
});

test("an admin sees the app by its device's name and forces it out: its next refresh is refused, and says why", async ({
	signedInAs,
}) => {
	const admin = await signedInAs("admin");
	const alice = await startAppSessionOf(await createPerson(), "<b>Alice’s</b> very long phone ".repeat(2).trim());
	const { access_token, refresh_token } = await refreshWith(alice.refreshToken);
	await admin.page.goto(`/admin/sessions?q=${alice.user.email}`);
	const row = admin.page.getByRole("row").filter({ hasText: alice.user.email });
	await expect(row).toContainText("<b>Alice’s</b> very long phone");
	await expect(row.getByText("App", { exact: true })).toBeVisible();
	await row.getByRole("button", { name: "Force log out" }).click();
	await expect.poll(() => endOf(alice.sessionId)).toMatchObject({ reason: "forced", endedById: admin.user.id });

	for (const on of [secondAppUrl(), appUrl(), appWithoutProxyUrl()]) {
		expect(await refreshWith(refresh_token, on)).toMatchObject({
			status: 400,
			error_description: "You were signed out by an administrator.",
		});
		expect((await rename(access_token, on)).status).toBe(401);
	}
	await expect.poll(() => endOf(alice.sessionId)).toMatchObject({ firstRefusedPath: "/api/oauth/token" });
});

test("a refresh token that a thief uses too ends the session on all instances, and the person hears of it", async ({
	signedInAs,
}) => {
	const alice = await signedInAs("user");
	const app = await startAppSessionOf(alice.user, "Alice’s phone");
	const answers = await Promise.all([refreshWith(app.refreshToken), refreshWith(app.refreshToken, secondAppUrl())]);
	const [won, lost] = answers.toSorted((one, other) => one.status - other.status);
	expect(lost).toMatchObject({ status: 400, error: "invalid_grant", error_description: COPIED });
	if (won.status === 200) {
		expect(await refreshWith(won.refresh_token, secondAppUrl())).toMatchObject({ error_description: COPIED });
		expect((await rename(won.access_token)).status).toBe(401);
	}
	expect(await endOf(app.sessionId)).toMatchObject({ reason: "token_reused", endedById: null });
	expect(await auditOf("session.token_reused", { target: alice.user })).toHaveLength(1);
	expect((await mailTo(alice.user.email, "An app was signed out")).text).toContain("Alice’s phone");
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
	await alice.page.goto("/dashboard");
	await expect(alice.page.getByText("An app was signed out because its sign-in may have been copied")).toBeVisible();
});

test("people find their app among their devices, whatever it calls itself, and sign it out", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	const name = `${"A".repeat(60)} <img src=x>`;
	const app = await startAppSessionOf(alice.user, name);
	await alice.page.setViewportSize({ width: 360, height: 740 });
	await alice.page.goto("/settings/security");
	const device = alice.page.getByRole("list", { name: "Your devices" }).getByRole("listitem").filter({ hasText: name });
	await expect(device.getByText("App", { exact: true })).toBeVisible();
	const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
	expect(await alice.page.evaluate(overflow)).toBe(0);
	await device.getByRole("button", { name: `Sign out ${name}` }).click();
	await expect(alice.page.getByText("That device was signed out.")).toBeVisible();
	expect(await refreshWith(app.refreshToken)).toMatchObject({
		error_description: "You were signed out from another of your devices.",
	});
});

test("a wrong password gets an app the sentence of the form and no session, also without the proxy", async () => {
	const alice = await createPerson({ password: PASSWORD });
	for (const on of [appUrl(), appWithoutProxyUrl()]) {
		for (const given of [
			{ email: alice.email, password: "not my password" },
			{ email: `nobody-${alice.email}`, password: PASSWORD },
		]) {
			expect(await signInApp({ ...given, device: "A phone" }, on)).toMatchObject({
				status: 400,
				code: "invalid",
				detail: "That e-mail and password do not match an active account.",
			});
		}
	}
	expect(await liveSessionsOf(alice)).toEqual([]);
});

test("the session cookie refreshes nothing, and a refresh token is no cookie and no access token", async () => {
	const person = await createPerson();
	const [browser, app] = [await startSessionOf(person), await startAppSessionOf(person)];
	const cookieName = browser.cookie.split("=")[0];
	for (const token of [browser.tokens.token, browser.cookie.slice(browser.cookie.indexOf("=") + 1)]) {
		expect(await refreshWith(token)).toMatchObject({ status: 400, error: "invalid_grant" });
	}
	const cookie = `${cookieName}=${app.refreshToken}`;
	expect((await request("/api/session", { as: { cookie } })).status).toBe(401);
	expect((await rename(app.refreshToken)).status).toBe(401);
	const withCookie = await request("/api/oauth/token", {
		as: browser,
		method: "POST",
		headers: { "Content-Type": "application/x-www-form-urlencoded" },
		body: "grant_type=refresh_token",
	});
	expect(await withCookie.json()).toMatchObject({ error: "invalid_request" });
	expect((await refreshWith(app.refreshToken)).status).toBe(200);
	expect(await liveSessionsOf(person)).toHaveLength(2);
});
