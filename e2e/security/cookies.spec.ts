/**
 * Session cookies that are not what we set: planted, doubled, made for something else, broken. Whoever sends one is signed
 * out, everywhere alike, and it is no error. (OWASP ASVS 5.0, V7.2.1 and V7.2.4.)
 */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { sealData } from "iron-session";
import { sealTokens, sessionCookieName } from "@/lib/session/cookie";
import { newToken } from "@/lib/session/token";
import { expect, test } from "../fixtures";
import { cookieWith, createPerson, PASSWORD, type SignedIn, startImpersonation, startSessionOf } from "../people";
import { endOf, liveSessionsOf } from "../records";
import { appUrl, appWithoutProxyUrl, request } from "../request";
import { actionId } from "./built";
import { expectSame } from "./expect-same";
import { type RawAnswer, sendRaw } from "./raw";
import { sendAction } from "./send-action";

const named = (value: string) => `${sessionCookieName()}=${value}`;
const sealOf = ({ cookie }: SignedIn) => cookie.slice(cookie.indexOf("=") + 1);

type Headers = [name: string, value: string][];

/** The ways to ask, and what each says to a visitor. */
const ways: Record<string, { ask(on: string, headers: Headers): Promise<RawAnswer>; toVisitors: RegExp }> = {
	API: { ask: (on, headers) => sendRaw("/api/session", { on, headers }), toVisitors: /^HTTP\/1\.1 401 / },
	page: {
		ask: (on, headers) => sendRaw("/dashboard", { on, headers }),
		toVisitors: /^HTTP\/1\.1 307 [\s\S]*location: \/sign-in\?/i,
	},
	router: {
		ask: (on, headers) => sendRaw("/dashboard?_rsc", { on, headers: [...headers, ["RSC", "1"]] }),
		toVisitors: /location: \/sign-in\?|NEXT_REDIRECT;replace;\/sign-in/i,
	},
	action: {
		ask: (on, headers) =>
			sendRaw("/settings/profile", { ...changeOfName(), on, headers: [...headers, ...changeOfName().headers(on)] }),
		toVisitors: /"code":"session-ended"/,
	},
};

/** Expects that this way takes the sender of this Cookie header for a visitor. */
async function expectVisitor(way: string, on: string, cookie: string, what: string): Promise<void> {
	const { ask, toVisitors } = ways[way] as (typeof ways)[string];
	const { status, head, text } = await ask(on, [["Cookie", cookie]]);
	const answer = `${head}\r\n\r\n${text}`;
	const seen = {
		isError: status >= 500,
		isToVisitors: toVisitors.test(answer),
		sets: /^set-cookie:.*/im.exec(head)?.[0],
	};
	const wanted = { isError: false, isToVisitors: true, sets: undefined };
	expectSame(seen, wanted, `${way} for ${what} on ${on}: ${answer.slice(0, 500)}`);
}

/** Expects that a page, the router, an action and the API all take the sender of this Cookie header for a visitor. */
async function expectSignedOut(cookie: string, what: string): Promise<void> {
	for (const on of [appUrl(), appWithoutProxyUrl()]) {
		await Promise.all(Object.keys(ways).map((way) => expectVisitor(way, on, cookie, what)));
	}
}

/** The form of the profile, as bytes. */
function changeOfName() {
	const part = (name: string, value: string) =>
		`--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
	return {
		method: "POST",
		body: `${part("_1_name", "Eve")}${part("0", '[null,"$K1"]')}--x--\r\n`,
		headers: (on: string): [string, string][] => [
			["Origin", on],
			["Next-Action", actionId("changeProfileAction")],
			["Content-Type", "multipart/form-data; boundary=x"],
		],
	};
}

test("of two session cookies neither counts, in either order, on any way in", async () => {
	const [alice, mallory] = [await startSessionOf(await createPerson()), await startSessionOf(await createPerson())];
	for (const [one, two] of [
		[alice.cookie, mallory.cookie],
		[mallory.cookie, alice.cookie],
		[alice.cookie, alice.cookie],
		[alice.cookie, named("")],
		[named("x"), alice.cookie],
	]) {
		await expectSignedOut(`${one}; ${two}`, "two cookies in one header");
		const headers: [string, string][] = [
			["Cookie", one ?? ""],
			["Cookie", two ?? ""],
		];
		expect((await sendRaw("/api/session", { headers })).status, "two headers").toBe(401);
	}
});

test("a seal made for another purpose, with another secret or around something else opens nothing", async () => {
	const alice = await startSessionOf(await createPerson());
	const secret = process.env.SESSION_SECRET ?? "";
	const keyFor = (label: string) => createHmac("sha256", secret).update(label).digest("base64url");
	for (const [what, seal] of Object.entries({
		"sealed with the secret itself": await sealData(alice.tokens, { password: secret }),
		"sealed for mail": await sealData(alice.tokens, { password: keyFor("kickoff password reset") }),
		"sealed by somebody else": await sealData(alice.tokens, { password: "a secret of somebody else, long enough" }),
		"around a user": await sealTokens({ user: alice.user, role: "owner" } as never),
		"around a hash": await sealTokens({ token: "0".repeat(64) }),
		"around nothing": await sealTokens({} as never),
		"the bare token": alice.tokens.token,
		"the session's id": alice.sessionId,
		JSON: encodeURIComponent(JSON.stringify(alice.tokens)),
		"a JWT without a signature": `${Buffer.from('{"alg":"none"}').toString("base64url")}.e30.`,
	})) {
		await expectSignedOut(named(seal), what);
	}
});

test("tokens that change places open nothing", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await startSessionOf(await createPerson());
	const { tokens } = await startImpersonation(await createPerson(), admin);
	for (const [what, swapped] of Object.entries({
		"an impersonation without its parent": { token: tokens.token },
		"an impersonation below somebody else": { token: tokens.token, parentToken: alice.tokens.token },
		"an impersonation below itself": { token: tokens.token, parentToken: tokens.token },
		"two strangers": { token: newToken(), parentToken: newToken() },
	})) {
		await expectSignedOut(await cookieWith(swapped), what);
	}
});

test("a cookie of another name is not ours", async () => {
	const seal = sealOf(await startSessionOf(await createPerson()));
	for (const name of ["__Host-session", "session", sessionCookieName().toLowerCase(), `x${sessionCookieName()}`]) {
		await expectSignedOut(`${name}=${seal}`, name);
	}
});

test("a session that was chosen for a victim dies with their sign-in, and a token that was made up never lives", async () => {
	const mallory = await startSessionOf(await createPerson());
	const madeUp = await cookieWith({ token: newToken() });
	for (const planted of [mallory.cookie, madeUp]) {
		const alice = await createPerson({ password: PASSWORD });
		const fields = { email: alice.email, password: PASSWORD, next: "/dashboard" };
		const answer = await sendAction(actionId("signInAction"), fields, { as: { cookie: planted }, path: "/sign-in" });
		const own = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
		expect(own).toContain(sessionCookieName());
		expect(own).not.toBe(planted);
		expect(await (await request("/api/session", { as: { cookie: own } })).json()).toMatchObject({
			user: { id: alice.id },
		});
		expect(await liveSessionsOf(alice)).toHaveLength(1);
		await expectSignedOut(planted, "the planted cookie");
	}
	expect(await endOf(mallory.sessionId)).toMatchObject({ reason: "replaced" });
});

test("thousands of cookies that are cut, flipped or made of anything at all are nobody's, and no error", async () => {
	const seal = sealOf(await startSessionOf(await createPerson()));
	const flipped = fc.tuple(fc.nat(seal.length - 1), fc.constantFrom(..."AZaz09*-_~.")).map(([at, sign]) => {
		const other = seal[at] === sign ? "!" : sign;
		return seal.slice(0, at) + other + seal.slice(at + 1);
	});
	const cut = fc.tuple(fc.nat(seal.length - 1), fc.nat(20)).map(([at, more]) => seal.slice(more, at));
	// Whatever bytes an HTTP header may have.
	const anything = fc.string({
		unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
		maxLength: 300,
	});
	const broken = fc.oneof(flipped, cut, anything).filter((value) => value !== seal && !/[\x7f-\x9f]/.test(value));
	const on = fc.constantFrom(appUrl(), appWithoutProxyUrl());
	const some = (way: string, count: number) =>
		fc.array(fc.tuple(fc.constant(way), on, broken), { minLength: count, maxLength: count });
	// What is slow is asked less often.
	const attempts = fc.tuple(some("API", 20), some("page", 1), some("router", 1), some("action", 1));
	await fc.assert(
		fc.asyncProperty(attempts, async (all) => {
			await Promise.all(all.flat().map(([way, on, value]) => expectVisitor(way, on, named(value), value)));
		}),
		{ numRuns: 100 },
	);
	for (const size of [4_000, 12_000]) await expectSignedOut(named("a".repeat(size)), `${size} characters`);
	const { status } = await sendRaw("/dashboard", { headers: [["Cookie", named("a".repeat(100_000))]] });
	expect([431, 0]).toContain(status);
});

test("a cookie in the address, in the body or in another header signs nobody in", async () => {
	const alice = await startSessionOf(await createPerson());
	const { token } = alice.tokens;
	const [name, seal] = [sessionCookieName(), sealOf(alice)];
	for (const headers of [
		{ Authorization: `Bearer ${token}` },
		{ Authorization: `Bearer ${seal}` },
		{ "X-Session": seal },
		{ "X-Cookie": alice.cookie },
		{ "X-Middleware-Request-Cookie": alice.cookie, "X-Middleware-Override-Headers": "cookie" },
		{ "Set-Cookie": alice.cookie },
	]) {
		const given = Object.entries(headers) as [string, string][];
		for (const on of [appUrl(), appWithoutProxyUrl()]) {
			expect((await sendRaw("/api/session", { on, headers: given })).status, given.join()).toBe(401);
		}
	}
	expect((await request(`/api/session?${name}=${seal}&token=${token}`)).status).toBe(401);
	expect((await request(`/dashboard?${name}=${seal}`)).status).toBe(307);
});
