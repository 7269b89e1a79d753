import { createPublicKey, type JsonWebKey } from "node:crypto";
import { eq } from "drizzle-orm";
import {
	base64url,
	decodeJwt,
	decodeProtectedHeader,
	exportJWK,
	generateKeyPair,
	type JWTPayload,
	SignJWT,
} from "jose";
import { describe, expect, test, vi } from "vitest";
import { connections, db } from "@/db/client";
import { sessions } from "@/db/schema";
import { environment } from "@/lib/environment";
import { createUser, sessionOf } from "@/lib/testing/people";
import { apiAudience, mintAccessToken, verifyAccessToken } from "./access-token";
import { ACCESS_TOKEN_SECONDS } from "./sign";
import { publicKeys, replaceKeys, signingKey } from "./signing-keys";

const aliceSession = async () => sessionOf(await createUser({ role: "support" }));
const refused = { code: "invalid-token", status: 401 };

/** A token like ours but for what is changed. */
async function forge(claims: JWTPayload = {}, header: Record<string, unknown> = {}) {
	const { id, key } = await signingKey();
	const { token } = await mintAccessToken(await aliceSession());
	return new SignJWT({ ...decodeJwt(token), ...claims })
		.setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: id, ...header })
		.sign(key);
}

describe("an access token", () => {
	test("names the session, its person and their role, and is good for five minutes", async () => {
		const session = await aliceSession();
		const { token, expiresInSeconds } = await mintAccessToken(session);
		expect(expiresInSeconds).toBe(ACCESS_TOKEN_SECONDS);
		expect(decodeProtectedHeader(token)).toEqual({ alg: "ES256", typ: "at+jwt", kid: (await signingKey()).id });
		expect(decodeJwt(token)).toMatchObject({ iss: environment().APP_URL, aud: apiAudience() });
		expect(await verifyAccessToken(token)).toMatchObject({ sub: session.user.id, sid: session.id, role: "support" });
	});

	test("is over with its five minutes, and not a few seconds later", async () => {
		const { token } = await mintAccessToken(await aliceSession());
		const { exp = 0 } = decodeJwt(token);
		vi.useFakeTimers({ toFake: ["Date"], now: (exp - 1) * 1000 });
		expect(await verifyAccessToken(token)).toMatchObject({ exp });
		vi.setSystemTime(exp * 1000);
		await expect(verifyAccessToken(token)).rejects.toMatchObject(refused);
		vi.useRealTimers();
	});

	test("is never good for longer than its session", async () => {
		const session = await aliceSession();
		const expiresAt = new Date(Date.now() + 60_000);
		await db.update(sessions).set({ expiresAt }).where(eq(sessions.id, session.id));
		const { token, expiresInSeconds } = await mintAccessToken({ ...session, expiresAt });
		expect(expiresInSeconds).toBeLessThanOrEqual(60);
		expect(decodeJwt(token).exp).toBe(Math.floor(expiresAt.getTime() / 1000));
	});

	test("says no name, no address and no secret", async () => {
		const session = await aliceSession();
		const { token } = await mintAccessToken(session);
		expect(Object.keys(decodeJwt(token)).sort()).toEqual(
			["aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "role", "sid", "sub"].sort(),
		);
	});
});

test("a token that a key signed which this instance has not heard of yet is good", async () => {
	const session = await aliceSession();
	await verifyAccessToken((await mintAccessToken(session)).token);
	await new Promise((resolve) => setTimeout(resolve, 1_001));
	await db.transaction(replaceKeys);
	const { token } = await mintAccessToken(session);
	expect(await verifyAccessToken(token)).toMatchObject({ sid: session.id });
});

test("a flood of tokens with unknown keys asks the database once in a second", async () => {
	const flood = await Promise.all(Array.from({ length: 50 }, () => forge({}, { kid: crypto.randomUUID() })));
	const query = vi.spyOn(connections, "query");
	await Promise.allSettled(flood.map((token) => verifyAccessToken(token)));
	expect(query.mock.calls.length).toBeLessThanOrEqual(2);
	query.mockRestore();
});

describe("what is refused as an access token", () => {
	test("nothing is wrong with the forgery that changes nothing", async () => {
		await expect(verifyAccessToken(await forge())).resolves.toBeTruthy();
	});

	test.each([
		["one of another type", {}, { typ: "JWT" }],
		["an ID token of ours", {}, { typ: "id_token+jwt" }],
		["one for somebody else", { aud: "https://other.example" }, {}],
		["one by somebody else", { iss: "https://other.example" }, {}],
		["one that has expired", { exp: Math.floor(Date.now() / 1000) - 10 }, {}],
		["one without an end", { exp: undefined }, {}],
		["one without a session", { sid: undefined }, {}],
		["one with a role that does not exist", { role: "emperor" }, {}],
		["one that is not valid yet", { nbf: Math.floor(Date.now() / 1000) + 60 }, {}],
		["one of another client", { client_id: "a-service" }, {}],
		["one with an unknown key", {}, { kid: "00000000-0000-4000-8000-000000000000" }],
		["one whose key id is a path", {}, { kid: "../../etc/passwd" }],
	])("%s is refused", async (_, claims, header) => {
		await expect(verifyAccessToken(await forge(claims, header))).rejects.toMatchObject(refused);
	});

	test("one that brings its own key, in whatever way", async () => {
		const mallory = await generateKeyPair("ES256", { extractable: true });
		const jwk = await exportJWK(mallory.publicKey);
		const { id } = await signingKey();
		const claims = decodeJwt((await mintAccessToken(await aliceSession())).token);
		for (const header of [
			{ kid: id },
			{ jwk },
			{ kid: id, jku: "https://evil.example/jwks.json" },
			{ x5u: "https://evil.example" },
		]) {
			const token = await new SignJWT(claims)
				.setProtectedHeader({ alg: "ES256", typ: "at+jwt", ...header })
				.sign(mallory.privateKey);
			await expect(verifyAccessToken(token), JSON.stringify(header)).rejects.toMatchObject(refused);
		}
	});

	test("one without a signature, and one signed with the public key as if it were a password", async () => {
		const { token } = await mintAccessToken(await aliceSession());
		const [header = "", payload = "", signature = ""] = token.split(".");
		const none = base64url.encode(JSON.stringify({ ...decodeProtectedHeader(token), alg: "none" }));
		await expect(verifyAccessToken(`${none}.${payload}.`)).rejects.toMatchObject(refused);
		await expect(verifyAccessToken(`${header}.${payload}.`)).rejects.toMatchObject(refused);
		const [key] = (await publicKeys()).keys;
		const asPassword = await new SignJWT(decodeJwt(token))
			.setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: key?.kid })
			.sign(new TextEncoder().encode(JSON.stringify(key)));
		await expect(verifyAccessToken(asPassword)).rejects.toMatchObject(refused);
		const other = base64url.encode(JSON.stringify({ ...decodeJwt(token), role: "owner" }));
		await expect(verifyAccessToken(`${header}.${other}.${signature}`)).rejects.toMatchObject(refused);
	});

	test("one that names another algorithm, of whatever spelling, with our own key's id", async () => {
		const { id } = await signingKey();
		const claims = decodeJwt((await mintAccessToken(await aliceSession())).token);
		for (const alg of ["ES384", "RS256", "PS256", "EdDSA"] as const) {
			const { privateKey } = await generateKeyPair(alg);
			const token = await new SignJWT(claims).setProtectedHeader({ alg, typ: "at+jwt", kid: id }).sign(privateKey);
			await expect(verifyAccessToken(token), alg).rejects.toMatchObject(refused);
		}
		const [, payload = "", signature = ""] = (await forge()).split(".");
		for (const alg of ["none", "None", "NONE", "nOnE", "", "es256", null, ["ES256"]]) {
			const header = base64url.encode(JSON.stringify({ alg, typ: "at+jwt", kid: id }));
			for (const end of ["", signature]) {
				await expect(verifyAccessToken(`${header}.${payload}.${end}`), `${alg}`).rejects.toMatchObject(refused);
			}
		}
	});

	test("one signed with our public key as a password, however that is written", async () => {
		const [jwk] = (await publicKeys()).keys;
		const key = createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
		const claims = decodeJwt((await mintAccessToken(await aliceSession())).token);
		for (const password of [
			key.export({ type: "spki", format: "pem" }),
			key.export({ type: "spki", format: "der" }),
			Buffer.from(`${jwk?.x}`, "base64url"),
			JSON.stringify(jwk),
		]) {
			for (const alg of ["HS256", "HS384", "HS512"]) {
				const token = await new SignJWT(claims)
					.setProtectedHeader({ alg, typ: "at+jwt", kid: jwk?.kid })
					.sign(Buffer.concat([Buffer.from(password), Buffer.alloc(64)]));
				await expect(verifyAccessToken(token), alg).rejects.toMatchObject(refused);
			}
		}
	});

	test("one with an extension that we would have to understand", async () => {
		const { id, key } = await signingKey();
		const header = { alg: "ES256", typ: "at+jwt", kid: id, crit: ["exp2"], exp2: 1 };
		const token = await new SignJWT(decodeJwt(await forge()))
			.setProtectedHeader(header)
			.sign(key, { crit: { exp2: false } });
		await expect(verifyAccessToken(token)).rejects.toMatchObject(refused);
	});

	test("no address that a token names is ever asked", async () => {
		const asked = vi.spyOn(globalThis, "fetch");
		const elsewhere = { jku: "https://evil.example/jwks.json", x5u: "https://evil.example/key.pem" };
		await verifyAccessToken(await forge({}, elsewhere));
		await verifyAccessToken(await forge({}, { ...elsewhere, kid: crypto.randomUUID() })).catch(() => {});
		expect(asked).not.toHaveBeenCalled();
		asked.mockRestore();
	});

	test.each(["", "a.b.c", "x".repeat(10_000), "\0.\0.\0"])("garbage: %j", async (token) => {
		await expect(verifyAccessToken(token)).rejects.toMatchObject(refused);
	});
});
