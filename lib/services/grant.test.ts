import { eq } from "drizzle-orm";
import fc from "fast-check";
import { createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { db } from "@/db/client";
import { auditEvents } from "@/db/schema";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { log } from "@/lib/log";
import { createUser, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { mintAccessToken, verifyAccessToken } from "@/lib/tokens/access-token";
import { publicKeys } from "@/lib/tokens/signing-keys";
import { ASSERTION_TYPE } from "./authenticate";
import { createServiceClient, rotateSecret, serviceClientSchema, setServiceClientDisabled } from "./clients";
import { grantToken } from "./grant";
import { ACCESS_TOKEN_TYPE, TOKEN_EXCHANGE } from "./token";

const ENDPOINT = "http://localhost:3000/api/oauth/token";
const INVENTORY = "https://inventory.example.com";
const BILLING = "https://billing.example.com";

let owner: TestSession;
let clientId: string;
let secret: string;
const keys = await generateKeyPair("ES256", { extractable: true });

async function create(given: Record<string, string> = {}) {
	const input = {
		name: `service ${crypto.randomUUID()}`,
		scopes: "inventory:read inventory:write",
		audiences: INVENTORY,
	};
	const made = await createServiceClient(owner, serviceClientSchema.parse({ ...input, ...given }));
	return { id: made.id, secret: made.secret ?? "" };
}

async function createWithKeys() {
	return create({ publicKeys: JSON.stringify({ keys: [await exportJWK(keys.publicKey)] }) });
}

beforeAll(async () => {
	owner = await sessionOf(await createUser({ role: "owner" }));
	({ id: clientId, secret } = await create());
});

const basic = (id: string, password: string) => ({ authorization: `Basic ${btoa(`${id}:${password}`)}` });

/** Asks the token endpoint, as a service does: without a cookie and without an Origin. */
async function ask(form: Record<string, string>, headers: Record<string, string> = basic(clientId, secret)) {
	const request = await requestAs(null, "/api/oauth/token", {
		method: "POST",
		body: new URLSearchParams({ grant_type: "client_credentials", ...form }).toString(),
		headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
	});
	request.headers.delete("origin");
	const response = await call(grantToken, request);
	return { status: response.status, headers: response.headers, body: await response.json() };
}

function assert(claims: JWTPayload = {}, id = clientId, key = keys.privateKey) {
	const base = { iss: id, sub: id, aud: ENDPOINT, jti: crypto.randomUUID(), exp: Math.floor(Date.now() / 1000) + 60 };
	return new SignJWT({ ...base, ...claims }).setProtectedHeader({ alg: "ES256" }).sign(key);
}

const byAssertion = async (assertion: string) =>
	ask({ client_assertion_type: ASSERTION_TYPE, client_assertion: assertion }, {});

describe("a service gets a token", () => {
	test("with its secret; anyone can check it with our public keys alone", async () => {
		const { status, body, headers } = await ask({ scope: "inventory:read" });
		expect(status).toBe(200);
		expect(headers.get("cache-control")).toBe("no-store");
		expect(body).toMatchObject({ token_type: "Bearer", expires_in: 300, scope: "inventory:read" });
		const { payload } = await jwtVerify(body.access_token, createLocalJWKSet(await publicKeys()), {
			issuer: "http://localhost:3000",
			audience: INVENTORY,
			typ: "at+jwt",
		});
		expect(payload).toMatchObject({ sub: clientId, client_id: clientId, scope: "inventory:read" });
		expect(payload).not.toHaveProperty("role");
	});

	test("with an assertion that it signed, once", async () => {
		const client = await createWithKeys();
		const assertion = await assert({}, client.id);
		const answers = await Promise.all([byAssertion(assertion), byAssertion(assertion), byAssertion(assertion)]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
	});

	test("that our own API does not take", async () => {
		const { body } = await ask({});
		await expect(verifyAccessToken(body.access_token)).rejects.toMatchObject({ code: "invalid-token" });
	});

	test("to act for a person, with that person's rights and both their names, and for no longer than the session", async () => {
		const alice = await sessionOf(await createUser({ role: "support" }));
		const { token } = await mintAccessToken(alice);
		const exchange = () =>
			ask({ grant_type: TOKEN_EXCHANGE, subject_token: token, subject_token_type: ACCESS_TOKEN_TYPE });
		const { body } = await exchange();
		expect(body.issued_token_type).toBe(ACCESS_TOKEN_TYPE);
		expect(decodeJwt(body.access_token)).toMatchObject({
			sub: alice.user.id,
			sid: alice.id,
			role: "support",
			act: { sub: clientId },
		});
		await forceLogoutEverywhere(owner, alice.user.id);
		expect(await exchange()).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
	});
});

describe("the token endpoint refuses, with the RFC's code and an audit event,", () => {
	test.each([
		["a wrong secret", {}, () => basic(clientId, "wrong"), 401, "invalid_client"],
		["a client that does not exist", {}, () => basic(crypto.randomUUID(), "x"), 401, "invalid_client"],
		["a client id that is none", {}, () => basic("' or 1=1", "\0"), 401, "invalid_client"],
		["nobody", {}, () => ({}), 401, "invalid_client"],
		["a bearer", {}, () => ({ authorization: "Bearer x" }), 401, "invalid_client"],
		[
			"two proofs",
			{ client_assertion: "a.b.c", client_assertion_type: ASSERTION_TYPE },
			undefined,
			401,
			"invalid_client",
		],
		["another grant", { grant_type: "password" }, undefined, 400, "unsupported_grant_type"],
		["no grant", { grant_type: "" }, undefined, 400, "invalid_request"],
		["a scope of others", { scope: "inventory:read admin" }, undefined, 400, "invalid_scope"],
		["an audience of others", { audience: BILLING }, undefined, 400, "invalid_target"],
		["an exchange of nothing", { grant_type: TOKEN_EXCHANGE }, undefined, 400, "invalid_request"],
		[
			"an exchange of garbage",
			{ grant_type: TOKEN_EXCHANGE, subject_token: "a.b.c", subject_token_type: ACCESS_TOKEN_TYPE },
			undefined,
			400,
			"invalid_grant",
		],
		["JSON", {}, () => ({ ...basic(clientId, secret), "content-type": "application/json" }), 400, "invalid_request"],
	] as const)("%s is refused", async (_, form, headers, status, error) => {
		const warned = vi.spyOn(log, "warn");
		const answer = await ask(form, headers?.());
		expect(answer).toMatchObject({ status, body: { error } });
		expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? 'Basic realm="service clients"' : null);
		const events = await db.select().from(auditEvents).where(eq(auditEvents.action, "service.refused"));
		const [line] = warned.mock.lastCall ?? [];
		expect(line ?? events.at(-1)?.detail, "on record, or in the log if it named no client").toMatchObject({ error });
		expect(JSON.stringify([events, line])).not.toContain(secret);
		warned.mockRestore();
	});

	test("whoever names no client, without leaving a row behind for each time that they ask", async () => {
		const refusals = () => db.$count(auditEvents, eq(auditEvents.action, "service.refused"));
		const before = await refusals();
		for (let time = 0; time < 5; time++) expect((await ask({}, {})).status).toBe(401);
		expect(await refusals()).toBe(before);
	});

	test("whatever else is sent, with a code of the RFC and never by breaking down", async () => {
		const known = fc.constantFrom(
			...["grant_type", "scope", "audience", "subject_token", "subject_token_type", "refresh_token"],
			...["client_assertion", "client_assertion_type"],
		);
		const value = fc.oneof(
			fc.string({ unit: "binary", maxLength: 40 }),
			fc.constantFrom(
				"client_credentials",
				"refresh_token",
				TOKEN_EXCHANGE,
				ASSERTION_TYPE,
				ACCESS_TOKEN_TYPE,
				INVENTORY,
			),
		);
		await fc.assert(
			fc.asyncProperty(fc.dictionary(known, value, { maxKeys: 6 }), fc.boolean(), async (form, proves) => {
				const { status, body } = await ask(form, proves ? undefined : {});
				if (status === 429) return;
				expect([200, 400, 401]).toContain(status);
				if (status !== 200) expect(body).toEqual({ error: expect.any(String), error_description: expect.any(String) });
			}),
			{ numRuns: 60 },
		);
	});

	test("a body that is too long, also when it does not say how long it is", async () => {
		const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(97)) });
		const headers = { "content-type": "application/x-www-form-urlencoded" };
		const request = new Request(ENDPOINT, { method: "POST", headers, body: endless, duplex: "half" } as RequestInit);
		expect((await call(grantToken, request)).status).toBe(413);
	});

	test.each([
		["for somebody else", { aud: "https://other.example" }],
		["by another client", { iss: crypto.randomUUID() }],
		["about another client", { sub: crypto.randomUUID() }],
		["that has expired", { exp: Math.floor(Date.now() / 1000) - 60 }],
		["that is good for long", { exp: Math.floor(Date.now() / 1000) + 3_600 }],
		["without an id", { jti: undefined }],
		["without an end", { exp: undefined }],
	])("an assertion %s", async (_, claims) => {
		const client = await createWithKeys();
		expect(await byAssertion(await assert(claims, client.id))).toMatchObject({
			status: 401,
			body: { error: "invalid_client" },
		});
	});

	test("an assertion that another key has signed, that nothing has signed, and that the public key has signed", async () => {
		const client = await createWithKeys();
		const mallory = await generateKeyPair("ES256");
		const good = await assert({}, client.id);
		const [, payload] = good.split(".");
		const asPassword = await new SignJWT(decodeJwt(good))
			.setProtectedHeader({ alg: "HS256" })
			.sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey))));
		const none = `${btoa('{"alg":"none"}').replace(/=/g, "")}.${payload}.`;
		for (const assertion of [await assert({}, client.id, mallory.privateKey), asPassword, none, "", "x"]) {
			expect((await byAssertion(assertion)).status, assertion).toBe(401);
		}
	});

	test("an access token in place of an assertion, and an assertion in place of an access token", async () => {
		const alice = await sessionOf(await createUser());
		expect((await byAssertion((await mintAccessToken(alice)).token)).status).toBe(401);
		await expect(verifyAccessToken(await assert())).rejects.toMatchObject({ code: "invalid-token" });
	});

	test("a client that was disabled, and an old secret, at once", async () => {
		const client = await create();
		const renewed = await rotateSecret(owner, client.id);
		expect((await ask({}, basic(client.id, client.secret))).status).toBe(401);
		expect((await ask({}, basic(client.id, renewed))).status).toBe(200);
		await setServiceClientDisabled(owner, client.id, true);
		expect((await ask({}, basic(client.id, renewed))).status).toBe(401);
		await setServiceClientDisabled(owner, client.id, false);
		expect((await ask({}, basic(client.id, renewed))).status).toBe(200);
	});
});

describe("managing service clients", () => {
	test("takes an owner, and refuses two of one name", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const input = serviceClientSchema.parse({ name: "twice", scopes: "a", audiences: INVENTORY });
		await expect(createServiceClient(admin, input)).rejects.toMatchObject({ code: "forbidden" });
		await createServiceClient(owner, input);
		await expect(createServiceClient(owner, input)).rejects.toMatchObject({ code: "conflict" });
	});

	test.each([
		["no name", { name: " " }],
		["no scope", { scopes: " " }],
		["a scope with a quote", { scopes: 'a"b' }],
		["an audience that is no address", { audiences: "inventory" }],
		["keys that are no JSON", { publicKeys: "{" }],
		["keys that are no keys", { publicKeys: '{"keys":[{"kty":"EC"}]}' }],
		["a password for a key", { publicKeys: '{"keys":[{"kty":"oct","k":"AAAA"}]}' }],
	])("refuses %s", (_, wrong) => {
		const input = { name: "x", scopes: "a", audiences: INVENTORY, ...wrong };
		expect(serviceClientSchema.safeParse(input).success).toBe(false);
	});

	test("refuses a private key, so that we never keep one", async () => {
		const publicKeys = JSON.stringify({ keys: [await exportJWK(keys.privateKey)] });
		const input = { name: "x", scopes: "a", audiences: INVENTORY, publicKeys };
		expect(serviceClientSchema.safeParse(input).success).toBe(false);
	});
});
