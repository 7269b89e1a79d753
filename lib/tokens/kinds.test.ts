/** Every kind of token that there is, in the place of every other: each is good in its own place, and nowhere else. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { tokenVerifier } from "@/docs/examples/inventory-service/verify.mjs";
import { addressOfLink, createLink, findLink } from "@/lib/links/links";
import { ASSERTION_TYPE, tokenEndpointUrl } from "@/lib/services/authenticate";
import { createServiceClient, serviceClientSchema } from "@/lib/services/clients";
import { grantToken } from "@/lib/services/grant";
import { ACCESS_TOKEN_TYPE, TOKEN_EXCHANGE } from "@/lib/services/token";
import { sealTokens, sessionCookieName, tokensFromCookieHeader } from "@/lib/session/cookie";
import { startSession } from "@/lib/session/lifecycle";
import { findSession } from "@/lib/session/lookup";
import { createUser, sessionOf } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { apiAudience, mintAccessToken } from "./access-token";
import { requireLiveToken, requireToken } from "./bearer";
import { REFRESH_TOKEN, revokeToken } from "./refresh";
import { publicKeys } from "./signing-keys";

const INVENTORY = "https://inventory.example.com";
const NOWHERE = { ip: null, userAgent: null };

/** The service that asks where a place needs one. */
let secretClient: { id: string; secret: string };
/** One of each kind, all of the same people and services. */
let kinds: Record<string, string>;

beforeEach(async () => {
	const owner = await sessionOf(await createUser({ role: "owner" }));
	const create = (more = {}) => {
		const input = { name: crypto.randomUUID(), scopes: "inventory:read", audiences: `${INVENTORY} ${apiAudience()}` };
		return createServiceClient(owner, serviceClientSchema.parse({ ...input, ...more }));
	};
	const created = await create();
	secretClient = { id: created.id, secret: created.secret ?? "" };
	const keys = await generateKeyPair("ES256", { extractable: true });
	const { id } = await create({ publicKeys: JSON.stringify({ keys: [await exportJWK(keys.publicKey)] }) });
	const assertion = new SignJWT({ iss: id, sub: id, aud: tokenEndpointUrl(), jti: crypto.randomUUID() })
		.setProtectedHeader({ alg: "ES256" })
		.setExpirationTime("1m");

	const person = await createUser();
	const browser = await sessionOf(person);
	const app = await db.transaction((tx) =>
		startSession(tx, { userId: person.id, origin: NOWHERE, appDevice: "A phone" }),
	);
	const link = { purpose: "password_reset", userId: person.id, email: person.email } as const;
	const linkId = await db.transaction((tx) => createLink(tx, link));
	const subject = { subject_token: (await mintAccessToken(browser)).token, subject_token_type: ACCESS_TOKEN_TYPE };
	const granted = async (form: Record<string, string>, audience = INVENTORY) =>
		(await (await ask({ audience, ...form }, secretClient.secret)).json()).access_token as string;
	kinds = {
		"a session's token": browser.tokens.token,
		"a session cookie": await sealTokens(browser.tokens),
		"a refresh token": app.token,
		"the half of a refresh token that lasts": app.token.split(".")[0] ?? "",
		"an access token": (await mintAccessToken(browser)).token,
		"a service's token": await granted({ grant_type: "client_credentials" }),
		"a service's token for a person": await granted({ grant_type: TOKEN_EXCHANGE, ...subject }),
		"a service's token for our own API": await granted({ grant_type: "client_credentials" }, apiAudience()),
		"a service's token for a person for our own API": await granted(
			{ grant_type: TOKEN_EXCHANGE, ...subject },
			apiAudience(),
		),
		"a service's secret": secretClient.secret,
		"a service's assertion": await assertion.sign(keys.privateKey),
		"a link in a mail": (await addressOfLink(linkId))?.split("/").at(-1) ?? "",
	};
});

/** Asks the token endpoint, as a service with this secret, or without proof. */
async function ask(form: Record<string, string>, secret?: string): Promise<Response> {
	const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
	if (secret) headers.authorization = `Basic ${btoa(`${secretClient.id}:${secret}`)}`;
	const body = new URLSearchParams(form).toString();
	return call(grantToken, requestAs(null, "/api/oauth/token", { method: "POST", headers, body }));
}

const withBearer = (token: string) => requestAs(null, "/api/v1/me", { headers: { authorization: `Bearer ${token}` } });

/** Whether a call goes through, or is refused: any other failure is one of the test. */
async function succeeds(work: Promise<unknown>): Promise<boolean> {
	return work.then(
		() => true,
		(error) => {
			expect(error.status === 401 || error.code?.startsWith("ERR_J"), error.message).toBe(true);
			return false;
		},
	);
}

async function isGranted(response: Promise<Response>): Promise<boolean> {
	const { status } = await response;
	expect([200, 400, 401]).toContain(status);
	return status === 200;
}

interface Place {
	takes: string[];
	send(token: string): Promise<boolean>;
}

const places: Record<string, Place> = {
	"the session cookie": {
		takes: ["a session cookie"],
		async send(token) {
			const tokens = await tokensFromCookieHeader(`${sessionCookieName()}=${token}`);
			return tokens !== null && (await findSession(tokens, NOWHERE)) !== null;
		},
	},
	"a cookie that we sealed": {
		takes: ["a session's token"],
		send: async (token) => (await findSession({ token }, NOWHERE)) !== null,
	},
	refreshing: {
		takes: ["a refresh token"],
		send: (refresh_token) => isGranted(ask({ grant_type: REFRESH_TOKEN, refresh_token })),
	},
	"an app's sign-out": {
		takes: ["a refresh token"],
		async send(token) {
			const before = await db.$count(sessions);
			await revokeToken(token, NOWHERE).catch((error) => expect(error.code).toBe("unsupported_token_type"));
			return (await db.$count(sessions)) < before;
		},
	},
	"our API, where the session is looked up": {
		takes: ["an access token"],
		send: async (token) => succeeds(requireLiveToken(await withBearer(token), "product.use")),
	},
	"our API, where the token is believed": {
		takes: ["an access token"],
		send: async (token) => succeeds(requireToken(await withBearer(token), "product.use")),
	},
	"another service": {
		takes: ["a service's token", "a service's token for a person"],
		async send(token) {
			const verify = tokenVerifier({
				issuer: "http://localhost:3000",
				audience: INVENTORY,
				savedKeys: await publicKeys(),
			});
			return succeeds(verify(token, "inventory:read"));
		},
	},
	"an exchange": {
		takes: ["an access token"],
		send: (subject_token) =>
			isGranted(
				ask(
					{ grant_type: TOKEN_EXCHANGE, audience: INVENTORY, subject_token, subject_token_type: ACCESS_TOKEN_TYPE },
					secretClient.secret,
				),
			),
	},
	"a service's secret": {
		takes: ["a service's secret"],
		send: (token) => isGranted(ask({ grant_type: "client_credentials", audience: INVENTORY }, token)),
	},
	"a service's assertion": {
		takes: ["a service's assertion"],
		send: (client_assertion) =>
			isGranted(
				ask({
					grant_type: "client_credentials",
					audience: INVENTORY,
					client_assertion,
					client_assertion_type: ASSERTION_TYPE,
				}),
			),
	},
	"a link": {
		takes: ["a link in a mail"],
		send: async (token) => (await findLink("password_reset", token)) !== null,
	},
};

test.each(Object.entries(places))("in the place of %s only the right kind is good", async (_, { takes, send }) => {
	const wrong = Object.keys(kinds).filter((kind) => !takes.includes(kind));
	for (const kind of wrong) expect(await send(kinds[kind] ?? ""), kind).toBe(false);
	for (const kind of takes) expect(await send(kinds[kind] ?? ""), kind).toBe(true);
});
