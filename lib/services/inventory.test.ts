/** The example service's verifier with an issuer that can be harmed: it must make no storm of requests, and need no restart. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { tokenVerifier } from "@/docs/examples/inventory-service/verify.mjs";

const AUDIENCE = "https://inventory.example.com";
const JWKS = "/.well-known/jwks.json";

interface Key {
	kid: string;
	privateKey: CryptoKey;
	jwk: object;
}

let issuer: string;
let server: Server;
let published: Key[];
/** The paths that were asked for. */
let requests: string[];
let answers: boolean;

async function newKey(): Promise<Key> {
	const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
	const kid = crypto.randomUUID();
	return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "ES256" } };
}

beforeEach(async () => {
	published = [await newKey()];
	[requests, answers] = [[], true];
	server = createServer((request, response) => {
		requests.push(request.url ?? "");
		if (answers) response.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
	vi.useRealTimers();
	server.closeAllConnections();
	server.close();
});

const verifier = () => tokenVerifier({ issuer, audience: AUDIENCE });

/** A good token of the issuer, but for what is changed. */
function sign(key = published[0] as Key, header: Partial<JWTHeaderParameters> = {}, claims = {}): Promise<string> {
	const now = Math.floor(Date.now() / 1000);
	const base = { iss: issuer, aud: AUDIENCE, sub: "a", client_id: "a", scope: "inventory:read", exp: now + 60 };
	return new SignJWT({ ...base, ...claims })
		.setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: key.kid, ...header })
		.sign(key.privateKey);
}

describe("another service that verifies our tokens", () => {
	test("fetches the keys once for all tokens", async () => {
		const verify = verifier();
		for (let count = 0; count < 5; count++) await verify(await sign(), "inventory:read");
		expect(requests).toEqual([JWKS]);
	});

	test("answers a flood of unknown keys with no storm of requests", async () => {
		const verify = verifier();
		await verify(await sign(), "inventory:read");
		const stranger = await newKey();
		const flood = Array.from({ length: 200 }, () => sign(stranger, { kid: crypto.randomUUID() }));
		const results = await Promise.allSettled(
			(await Promise.all(flood)).map((token) => verify(token, "inventory:read")),
		);
		expect(results.filter(({ status }) => status === "fulfilled")).toEqual([]);
		expect(requests).toEqual([JWKS]);
		await expect(verify(await sign(), "inventory:read")).resolves.toBeTruthy();
	});

	test("takes the tokens of a new key without a restart, and none of a key that is gone", async () => {
		const verify = verifier();
		const [old] = published as [Key];
		await verify(await sign(old), "inventory:read");
		published = [await newKey()];
		vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ["Date"] });
		await expect(verify(await sign(), "inventory:read")).resolves.toBeTruthy();
		await expect(verify(await sign(old), "inventory:read")).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
		expect(requests).toEqual([JWKS, JWKS]);
	});

	test("asks no address that a token names, and takes no key that it brings", async () => {
		const verify = verifier();
		const mallory = await newKey();
		for (const header of [
			{ jku: `${issuer}/mallory.json` },
			{ x5u: `${issuer}/mallory.pem` },
			{ jwk: mallory.jwk as JWTHeaderParameters["jwk"] },
			{ x5c: ["MIIB"] },
			{ kid: `${issuer}/mallory.json` },
		]) {
			const token = await sign(mallory, { kid: (published[0] as Key).kid, ...header });
			await expect(verify(token, "inventory:read"), JSON.stringify(header)).rejects.toMatchObject({
				code: expect.stringMatching(/^ERR_JW/),
			});
		}
		expect(new Set(requests)).toEqual(new Set([JWKS]));
	});

	test.each([
		["for somebody else", {}, { aud: "https://billing.example.com" }],
		["by somebody else", {}, { iss: "https://evil.example" }],
		["of another type", { typ: "JWT" }, {}],
		["that has expired", {}, { exp: 1 }],
		["without an end", {}, { exp: undefined }],
		["that is not good yet", {}, { nbf: Math.floor(Date.now() / 1000) + 600 }],
	])("refuses a token %s", async (_, header, claims) => {
		const token = await sign(undefined, header, claims);
		await expect(verifier()(token, "inventory:read")).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_JW/) });
	});

	test("does not wait for an issuer that does not answer", async () => {
		answers = false;
		const before = performance.now();
		await expect(verifier()(await sign(), "inventory:read")).rejects.toMatchObject({ code: "ERR_JWKS_TIMEOUT" });
		expect(performance.now() - before).toBeGreaterThan(2_000);
		answers = true;
		await expect(verifier()(await sign(), "inventory:read")).resolves.toBeTruthy();
	});
});
