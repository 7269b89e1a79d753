import { expect, test } from "vitest";
import { hashToken, hashTokens, newToken } from "./token";

test("a token is 256 random bits, safe in a cookie, and never the same twice", () => {
	const tokens = Array.from({ length: 1_000 }, newToken);
	for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
	expect(new Set(tokens).size).toBe(1_000);
	expect(Buffer.from(newToken(), "base64url")).toHaveLength(32);
});

test("what is stored is its SHA-256, from which it cannot be told", () => {
	expect(hashToken("abc").toString("hex")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	const token = newToken();
	expect(hashToken(token)).toEqual(hashToken(token));
	expect(hashToken(token)).not.toEqual(hashToken(newToken()));
});

test("of an impersonation, both tokens are looked for", () => {
	expect(hashTokens({ token: "a" })).toEqual([hashToken("a")]);
	expect(hashTokens({ token: "a", parentToken: "b" })).toEqual([hashToken("a"), hashToken("b")]);
});
