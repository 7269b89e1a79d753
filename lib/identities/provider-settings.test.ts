import { describe, expect, test } from "vitest";
import { providersField } from "./provider-settings";

const good = {
	id: "example",
	name: "Example",
	issuer: "https://id.example.com",
	clientId: "kickoff",
	clientSecret: "s3cret",
};
const parse = (value: unknown) => providersField.safeParse(typeof value === "string" ? value : JSON.stringify(value));

describe("OIDC_PROVIDERS", () => {
	test("may be left out, or name any number of providers", () => {
		expect(providersField.parse(undefined)).toEqual([]);
		expect(parse("").data).toEqual([]);
		expect(parse([good, { ...good, id: "other", issuer: "https://other.example.com/realm" }]).data).toHaveLength(2);
	});

	test("may be on this machine without HTTPS, and nowhere else", () => {
		expect(parse([{ ...good, issuer: "http://localhost:4000" }]).success).toBe(true);
		expect(parse([{ ...good, issuer: "http://localhost.example.com" }]).success).toBe(false);
	});

	test.each([
		["no JSON", "not JSON, but s3cret"],
		["no list", good],
		["an issuer without HTTPS", [{ ...good, issuer: "http://id.example.com" }]],
		["an issuer with a query", [{ ...good, issuer: "https://id.example.com?x" }]],
		["an issuer with an empty query", [{ ...good, issuer: "https://id.example.com/?" }]],
		["an issuer with a password", [{ ...good, issuer: "https://:b@id.example.com" }]],
		["an issuer that looks like another", [{ ...good, issuer: "https://id.exаmple.com" }]],
		["an issuer that reads backwards", [{ ...good, issuer: "https://id.example.com/\u202emoc" }]],
		["an issuer that stands for many", [{ ...good, issuer: "https://id.example.com/{tenant}" }]],
		["an issuer whose host would end the policy of a page", [{ ...good, issuer: "https://x;sandbox" }]],
		["a name for the address that does not fit there", [{ ...good, id: "../x" }]],
		["no secret", [{ ...good, clientSecret: "" }]],
		["a field that nobody knows", [{ ...good, scope: "admin" }]],
		["a mapping that makes owners", [{ ...good, roles: { claim: "groups", owner: ["bosses"] } }]],
		["one name twice", [good, { ...good, issuer: "https://other.example.com" }]],
		["one issuer twice", [good, { ...good, id: "other" }]],
	])("stops the start with a sentence that holds no secret: %s", (_name, value) => {
		const { error } = parse(value);
		expect(error?.issues[0]?.message).toMatch(/^Set OIDC_PROVIDERS to JSON like \[.+\)\.$/);
		expect(error?.message).not.toContain("s3cret");
	});
});
