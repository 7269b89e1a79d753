import { sealData } from "iron-session";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { SessionTokens } from "./cookie";
import { newToken } from "./token";

const OLD = "an old secret that everyone has forgotten by now";
const NEW = "a new secret that nobody has told anyone so far";

const tokens: SessionTokens = { token: newToken(), parentToken: newToken() };

/** The cookie's code as an instance that was started with these secrets runs it, with nothing remembered. */
async function startedWith(...secrets: string[]) {
	vi.stubEnv("SESSION_SECRET", secrets.join(","));
	vi.resetModules();
	delete (globalThis as Record<symbol, unknown>)[Symbol.for("kickoff.opened-seals")];
	const cookie = await import("./cookie");
	const open = (seal: string) => cookie.tokensFromCookieHeader(`${cookie.sessionCookieName()}=${seal}`);
	return { ...cookie, open };
}

let now: Awaited<ReturnType<typeof startedWith>>;
let seal: string;
beforeEach(async () => {
	now = await startedWith(OLD);
	seal = await now.sealTokens(tokens);
});

describe("the cookie", () => {
	test("gives back the tokens that were sealed in it, the first time and every time", async () => {
		expect(await now.open(seal)).toEqual(tokens);
		expect(await now.open(seal)).toEqual(tokens);
		const alone = { token: newToken() };
		expect(await now.open(await now.sealTokens(alone))).toEqual(alone);
	});

	test("shows neither the tokens nor anything else", () => {
		expect(seal).not.toContain(tokens.token);
		expect(Buffer.from(seal, "base64url").toString("latin1")).not.toContain(tokens.token);
	});

	test("is one that no subdomain can plant and no script can read", () => {
		expect(now.sessionCookieName()).toMatch(/^__Host-/);
		expect(now.sessionCookieOptions()).toMatchObject({ httpOnly: true, secure: true, sameSite: "lax", path: "/" });
		expect(now.sessionCookieOptions()).not.toHaveProperty("domain");
	});

	test("is found among others", async () => {
		const name = now.sessionCookieName();
		expect(await now.tokensFromCookieHeader(`theme=dark; ${name}=${seal}; x=y`)).toEqual(tokens);
		expect(await now.tokensFromCookieHeader(`theme=dark; not-${name}=${seal}`)).toBeNull();
		expect(await now.tokensFromCookieHeader("theme=dark")).toBeNull();
		expect(await now.tokensFromCookieHeader("")).toBeNull();
		expect(await now.tokensFromCookieHeader(null)).toBeNull();
	});

	test("counts for nothing when there are two of it, even two alike", async () => {
		const name = now.sessionCookieName();
		const other = await now.sealTokens({ token: newToken() });
		for (const [one, two] of [
			[seal, other],
			[other, seal],
			[seal, seal],
			[seal, ""],
		]) {
			expect(await now.tokensFromCookieHeader(`${name}=${one}; ${name}=${two}`)).toBeNull();
		}
	});
});

describe("a cookie is nobody's, and no error, when it is", () => {
	test("cut short anywhere, or changed anywhere", async () => {
		for (let length = 0; length < seal.length; length += 13) expect(await now.open(seal.slice(0, length))).toBeNull();
		for (let index = 0; index < seal.length; index += 13) {
			const changed = seal[index] === "A" ? "B" : "A";
			expect(await now.open(seal.slice(0, index) + changed + seal.slice(index + 1)), `${index}`).toBeNull();
		}
	});

	test.each([
		"x",
		"Fe26.2*1*",
		"Fe26.2*1*a*b*c*d*e*f~2",
		"%00",
		"a".repeat(10_000),
		"null",
		"[object Object]",
		'"quoted"',
	])("garbage: %s", async (garbage) => {
		expect(await now.open(garbage)).toBeNull();
	});

	test("sealed with a secret of somebody else, or with ours for another purpose", async () => {
		const foreign = await startedWith(NEW);
		expect(await now.open(await foreign.sealTokens(tokens))).toBeNull();
		expect(await now.open(await sealData(tokens, { password: OLD }))).toBeNull();
	});

	test("sealed by us around something else", async () => {
		for (const other of [{}, { token: 1 }, { user: "alice" }, { token: "a", parentToken: 2 }]) {
			expect(await now.open(await now.sealTokens(other as unknown as SessionTokens))).toBeNull();
		}
	});

	test("older than a session can be", async () => {
		vi.useFakeTimers({ toFake: ["Date"] });
		const days = (count: number) => vi.setSystemTime(Date.now() + count * 86_400_000);
		days(29);
		expect(await (await startedWith(OLD)).open(seal)).toEqual(tokens);
		days(2);
		expect(await (await startedWith(OLD)).open(seal)).toBeNull();
		vi.useRealTimers();
	});
});

describe("when secrets rotate", () => {
	test("what the old one sealed still opens as long as it is listed, and the newest seals", async () => {
		const both = await startedWith(NEW, OLD);
		expect(await both.open(seal)).toEqual(tokens);
		const newSeal = await both.sealTokens(tokens);

		const onlyNew = await startedWith(NEW);
		expect(await onlyNew.open(newSeal)).toEqual(tokens);
		expect(await onlyNew.open(seal)).toBeNull();
		expect(await (await startedWith(OLD)).open(newSeal)).toBeNull();
	});
});
