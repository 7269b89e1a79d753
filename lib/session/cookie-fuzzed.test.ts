/** Thousands of cookies that we did not set (OWASP ASVS 5.0, V7.2.1). */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { sealTokens, sessionCookieName, tokensFromCookieHeader } from "./cookie";
import { newToken } from "./token";

const RUNS = 2_000;
const open = (seal: string) => tokensFromCookieHeader(`${sessionCookieName()}=${seal}`);

let seal: string;
beforeAll(async () => {
	seal = await sealTokens({ token: newToken(), parentToken: newToken() });
});

/** Any text that a Cookie header can carry in one value. */
const value = fc.string({ unit: "binary", maxLength: 400 }).filter((text) => !text.includes(";"));

test("any text at all is nobody's cookie, and no error", async () => {
	await fc.assert(
		fc.asyncProperty(value, async (text) => {
			expect(await open(text)).toBeNull();
		}),
		{ numRuns: RUNS },
	);
});

test("any header at all is read without an error", async () => {
	const pair = fc.oneof(value, fc.constant(sessionCookieName()), fc.constant("="), fc.constant(";"), fc.constant(seal));
	await fc.assert(
		fc.asyncProperty(fc.array(pair, { maxLength: 8 }), async (pairs) => {
			const header = pairs.join("");
			const found = await tokensFromCookieHeader(header);
			if (found) expect(header).toContain(`${sessionCookieName()}=${seal}`);
		}),
		{ numRuns: RUNS },
	);
});

test("a seal with one bit flipped, anywhere, does not open", async () => {
	const bytes = Buffer.from(seal, "latin1");
	await fc.assert(
		fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (index, bit) => {
			const changed = Buffer.from(bytes);
			changed[index] = (changed[index] ?? 0) ^ (1 << bit);
			expect(await open(changed.toString("latin1"))).toBeNull();
		}),
		{ numRuns: RUNS },
	);
});

test("a seal that was cut, lengthened or put together from two does not open", async () => {
	const other = await sealTokens({ token: newToken() });
	const [parts, otherParts] = [seal.split("*"), other.split("*")];
	const cut = fc.tuple(fc.nat(seal.length), fc.nat(seal.length)).map(([from, to]) => seal.slice(from, to));
	const longer = fc.tuple(value, value).map(([before, after]) => before.trim() + seal + after.trim());
	const mixed = fc
		.array(fc.boolean(), { minLength: parts.length, maxLength: parts.length })
		.map((choices) => choices.map((own, index) => (own ? parts[index] : otherParts[index])).join("*"));
	const broken = fc.oneof(cut, longer, mixed).filter((text) => text !== seal && text !== other);
	await fc.assert(
		fc.asyncProperty(broken, async (text) => {
			expect(await open(text)).toBeNull();
		}),
		{ numRuns: RUNS },
	);
});
