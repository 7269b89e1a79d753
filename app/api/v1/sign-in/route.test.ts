/** A native app, by HTTP: it signs in, refreshes and signs out without a cookie and without an Origin. */
import { beforeEach, describe, expect, test } from "vitest";
import { POST as REVOKE } from "@/app/api/oauth/revoke/route";
import { POST as TOKEN } from "@/app/api/oauth/token/route";
import { listSessions, sessionFilterSchema } from "@/lib/admin/sessions";
import type { Person } from "@/lib/session/lookup";
import { createUser } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { POST } from "./route";

const password = "correct horse battery";
let alice: Person;
beforeEach(async () => {
	alice = await createUser({ password });
});

type Handler = typeof POST;

async function send(handler: Handler, body: unknown, headers: Record<string, string> = {}) {
	const request = await requestAs(null, "/api", { method: "POST", body, headers });
	request.headers.delete("origin");
	const response = await call(handler, request);
	const text = await response.text();
	return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
}

const signIn = (more = {}) => send(POST, { email: alice.email, password, device: "Alice’s phone", ...more });
const form = (handler: Handler, fields: Record<string, string>, headers = {}) =>
	send(handler, new URLSearchParams(fields).toString(), {
		"content-type": "application/x-www-form-urlencoded",
		...headers,
	});
const refresh = (refresh_token: string, headers = {}) =>
	form(TOKEN, { grant_type: "refresh_token", refresh_token, client_id: "ignored" }, headers);
const sessionsOf = async () => (await listSessions(sessionFilterSchema.parse({ userId: alice.id }))).rows;
const liveSessions = async () => (await sessionsOf()).length;

describe("POST /api/v1/sign-in", () => {
	test("answers with tokens that nobody may keep, and sets no cookie", async () => {
		const { status, headers, body } = await signIn();
		expect(status).toBe(200);
		expect(headers.get("cache-control")).toBe("private, no-store");
		expect(headers.getSetCookie()).toEqual([]);
		expect(headers.has("access-control-allow-origin")).toBe(false);
		expect(body).toEqual({
			access_token: expect.any(String),
			token_type: "Bearer",
			expires_in: 300,
			refresh_token: expect.any(String),
		});
	});

	test("refuses a wrong password as the form does, and repeats nothing of it", async () => {
		const { status, body } = await signIn({ password: "not the password" });
		expect(status).toBe(400);
		expect(body).toMatchObject({
			code: "invalid",
			detail: "That e-mail and password do not match an active account.",
		});
		expect(JSON.stringify(body)).not.toContain("not the password");
	});

	test.each([
		["nothing", undefined],
		["an empty name", " "],
		["a name with a NUL", "Pixel\0"],
		["a name of two lines", "Pixel\n12"],
		["a name that turns the text around it", "Pixel \u202e21 lexiP"],
		["a name that is half a character", "Pixel \ud800"],
		["a name that is long", "x".repeat(81)],
		["a name that is none", 12],
	])("takes no device that is called %s", async (_, device) => {
		const { status, body } = await signIn({ device });
		expect(status).toBe(400);
		expect(body.errors.device).toHaveLength(1);
		expect(await liveSessions()).toBe(0);
	});

	test("takes names from everywhere", async () => {
		for (const device of ["爱丽丝的手机", "Älicé’s 📱", "<b>bold</b>", "x".repeat(80)]) {
			expect((await signIn({ device })).status, device).toBe(200);
		}
		const names = (await sessionsOf()).map(({ appDevice }) => appDevice);
		expect(names).toContain("<b>bold</b>");
	});

	test("takes JSON alone, which no form of another site can send", async () => {
		for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
			const body = JSON.stringify({ email: alice.email, password, device: "x" });
			expect((await send(POST, body, { "content-type": type })).status, type).toBe(415);
		}
		expect(await liveSessions()).toBe(0);
	});
});

describe("POST /api/oauth/token with a refresh token", () => {
	test("gives the next tokens, with the headers of the RFC", async () => {
		const { body } = await signIn();
		const next = await refresh(body.refresh_token);
		expect(next.status).toBe(200);
		expect(next.headers.get("cache-control")).toBe("no-store");
		expect(next.headers.get("pragma")).toBe("no-cache");
		expect(next.body).toMatchObject({ token_type: "Bearer", expires_in: 300 });
		expect(Object.keys(next.body).sort()).toEqual(["access_token", "expires_in", "refresh_token", "token_type"]);
	});

	test("refuses one that was used before with invalid_grant, in words for the person", async () => {
		const { body } = await signIn();
		await refresh(body.refresh_token);
		expect(await refresh(body.refresh_token)).toMatchObject({
			status: 400,
			body: {
				error: "invalid_grant",
				error_description: "You were signed out because someone may have copied the sign-in of this app.",
			},
		});
		expect(await liveSessions()).toBe(0);
	});

	test("refuses a request without one, with two of them, and with one in the address", async () => {
		const { body } = await signIn();
		const twice = `grant_type=refresh_token&refresh_token=${body.refresh_token}&refresh_token=${body.refresh_token}`;
		const type = { "content-type": "application/x-www-form-urlencoded" };
		for (const answer of [await form(TOKEN, { grant_type: "refresh_token" }), await send(TOKEN, twice, type)]) {
			expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
		}
		expect((await refresh(body.refresh_token)).status).toBe(200);
	});

	test("refuses whoever claims to be a service at the same time, and keeps the token good", async () => {
		const { body } = await signIn();
		const answer = await refresh(body.refresh_token, { authorization: `Basic ${btoa(`${crypto.randomUUID()}:x`)}` });
		expect(answer).toMatchObject({ status: 401, body: { error: "invalid_client" } });
		expect((await refresh(body.refresh_token)).status).toBe(200);
	});
});

describe("POST /api/oauth/revoke", () => {
	test("signs the app out, and answers likewise for a token that is nobody's", async () => {
		const { body } = await signIn();
		for (const token of [body.refresh_token, body.refresh_token, "nobody’s"]) {
			expect(await form(REVOKE, { token, token_type_hint: "refresh_token" })).toMatchObject({
				status: 200,
				body: null,
			});
		}
		expect(await liveSessions()).toBe(0);
		expect((await refresh(body.refresh_token)).body).toMatchObject({ error_description: "You were signed out." });
	});

	test("refuses an access token, and a form without a token, with the RFC's codes", async () => {
		const { body } = await signIn();
		expect((await form(REVOKE, { token: body.access_token })).body).toMatchObject({ error: "unsupported_token_type" });
		expect((await form(REVOKE, {})).body).toMatchObject({ error: "invalid_request" });
		expect(await liveSessions()).toBe(1);
	});
});
