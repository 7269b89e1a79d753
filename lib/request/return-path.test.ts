import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeReturnPath, signInPath } from "./return-path";

const SOMEWHERE = "https://app.example.com";

describe("after signing in, one returns", () => {
	test.each(["/", "/projects", "/projects?sort=name&page=2", "/projects#new", "/a/b/../c", "/%2F%2Fevil.example"])(
		"to a path of ours: %s",
		(next) => {
			const url = new URL(safeReturnPath(next), SOMEWHERE);
			expect(url.href).toBe(new URL(next, SOMEWHERE).href);
		},
	);

	test.each([
		"//evil.example",
		"///evil.example",
		"/\\evil.example",
		"\\\\evil.example",
		"/\t/evil.example",
		"/\n/evil.example",
		"https://evil.example",
		"https:evil.example",
		"javascript:alert(1)",
		"data:text/html,x",
		"evil.example",
		"/.//evil.example",
		"/..//evil.example",
		"",
		" /projects",
		null,
		undefined,
		["/projects"],
		{ href: "/projects" },
		"/\u0000",
		`/${"a".repeat(100)}://evil.example:99999999`,
	])("never elsewhere: %j", (next) => {
		const url = new URL(safeReturnPath(next), SOMEWHERE);
		expect(url.origin).toBe(SOMEWHERE);
	});

	test("never elsewhere, whatever is asked for", () => {
		const piece = fc.constantFrom(
			"/",
			"\\",
			"\t",
			"\n",
			"\r",
			" ",
			".",
			"..",
			":",
			"@",
			"?",
			"#",
			"%2f",
			"%5c",
			"evil.example",
		);
		fc.assert(
			fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
				const path = safeReturnPath(pieces.join(""));
				expect(path).toMatch(/^\/(?![/\\])/);
				expect(new URL(path, SOMEWHERE).origin).toBe(SOMEWHERE);
			}),
		);
	});
});

test("the way to the sign-in page remembers where one wanted to go, to the last sign", () => {
	const wanted = "/projects?q=a&b=c d#é";
	expect(new URL(signInPath(wanted), SOMEWHERE).searchParams.get("next")).toBe(wanted);
});
