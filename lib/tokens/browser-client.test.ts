/** Only the server and the time are made up here: tabs are clients with real locks and channels. Browsers: e2e/spa.spec.ts. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type AccessTokens, accessTokens } from "./browser-client";

const LIFE_SECONDS = 300;
let appUrl: string;
let tabs: AccessTokens[];
let signedOut: number;
/** What the server was asked, and how it answers. */
let asked: string[];
let session: string | null;
let refusesTokens: number;
let isDown: boolean;

beforeEach(() => {
	// A channel and a lock of its own for each test.
	appUrl = `https://${crypto.randomUUID()}.example`;
	[tabs, asked, signedOut, session, refusesTokens, isDown] = [[], [], 0, "one", 0, false];
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
	vi.stubGlobal("fetch", server);
});

afterEach(() => {
	for (const tab of tabs) tab.close();
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

async function server(input: URL | Request, init?: RequestInit): Promise<Response> {
	const request = new Request(input, init);
	const { pathname } = new URL(request.url);
	asked.push(`${request.method} ${pathname}`);
	if (isDown) throw new TypeError("fetch failed");
	if (pathname === "/api/token") {
		expect(request.credentials).toBe("include");
		if (!session) return new Response(null, { status: 401 });
		const payload = btoa(JSON.stringify({ sid: session, jti: crypto.randomUUID() }));
		return Response.json({ access_token: `h.${payload}.s`, token_type: "Bearer", expires_in: LIFE_SECONDS });
	}
	expect(request.headers.get("authorization")).toMatch(/^Bearer h\./);
	expect(request.credentials).toBe("omit");
	if (refusesTokens-- > 0) return new Response(null, { status: 401 });
	return new Response(await request.text());
}

function openTab(): AccessTokens {
	const tab = accessTokens({ appUrl, onSignedOut: () => signedOut++ });
	tabs.push(tab);
	return tab;
}

const renewals = () => asked.filter((one) => one === "POST /api/token").length;
/** Lets messages and locks, which are no timers, come through. */
const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const pass = async (seconds: number) => {
	await vi.advanceTimersByTimeAsync(seconds * 1000);
	await settle();
};

test("many calls at once need one token", async () => {
	const tab = openTab();
	await Promise.all(Array.from({ length: 5 }, () => tab.fetch("/x")));
	expect(renewals()).toBe(1);
});

test("a token in use is renewed before it expires, and one that nobody uses is not", async () => {
	const tab = openTab();
	await tab.fetch("/x");
	await pass(LIFE_SECONDS * 0.8 + 1);
	expect(renewals()).toBe(2);
	await pass(LIFE_SECONDS * 3);
	expect(renewals()).toBe(2);
	await tab.fetch("/x");
	expect(renewals()).toBe(3);
});

test("a tab that opens asks the server whose it is, and takes no token from another", async () => {
	const first = openTab();
	await first.fetch("/x");
	session = "two";
	await openTab().fetch("/x");
	expect(renewals()).toBe(2);
	await vi.waitFor(() => expect(signedOut, "the tab of the one who was there before").toBe(1));
	await expect(first.fetch("/x")).rejects.toThrow("signed out");
});

test("one tab renews for all", async () => {
	const both = [openTab(), openTab()];
	await Promise.all(both.map((tab) => tab.fetch("/x")));
	await pass(LIFE_SECONDS * 0.8 + 1);
	await Promise.all(both.map((tab) => tab.fetch("/x")));
	expect(renewals()).toBe(3);
});

test("when one tab learns that nobody is signed in, all do", async () => {
	const both = [openTab(), openTab()];
	await Promise.all(both.map((tab) => tab.fetch("/x")));
	[session, refusesTokens] = [null, 1];
	await expect(both[0]?.fetch("/x")).rejects.toThrow("signed out");
	await vi.waitFor(() => expect(signedOut).toBe(2));
});

test("a call that is refused is made once more with a new token, body and all, and never a third time", async () => {
	const tab = openTab();
	refusesTokens = 1;
	expect(await (await tab.fetch("/x", { method: "POST", body: "hello" })).text()).toBe("hello");
	refusesTokens = 9;
	expect((await tab.fetch("/x")).status).toBe(401);
	expect(asked.filter((one) => one === "GET /x")).toHaveLength(2);
});

test("a token goes to the app's own address and nowhere else", async () => {
	const tab = openTab();
	for (const path of ["https://evil.example/", "//evil.example/", `${appUrl}.evil.example/`, "http://localhost"]) {
		await expect(tab.fetch(path), path).rejects.toThrow("not the app");
	}
	expect(asked).toEqual([]);
});

test("when the refresh is refused the tab is signed out, once, and asks nothing any more", async () => {
	const tab = openTab();
	await tab.fetch("/x");
	session = null;
	refusesTokens = 1;
	await expect(tab.fetch("/x")).rejects.toThrow("signed out");
	await expect(tab.fetch("/x")).rejects.toThrow();
	expect(signedOut).toBe(1);
	const before = asked.length;
	await expect(tab.fetch("/x")).rejects.toThrow("signed out");
	expect(asked).toHaveLength(before);
});

test("while the app cannot be reached a token is used to its end, and nobody is signed out", async () => {
	const tab = openTab();
	await tab.fetch("/x");
	await pass(LIFE_SECONDS * 0.79);
	isDown = true;
	await pass(LIFE_SECONDS * 0.02);
	isDown = false;
	const tried = renewals();
	vi.stubGlobal("fetch", async (input: URL | Request, init?: RequestInit) => {
		if (input instanceof URL) return new Response(null, { status: 503 });
		return server(input, init);
	});
	expect((await tab.fetch("/x")).status).toBe(200);
	await pass(LIFE_SECONDS);
	await expect(tab.fetch("/x")).rejects.toThrow("503");
	vi.stubGlobal("fetch", server);
	expect((await tab.fetch("/x")).status).toBe(200);
	expect(renewals()).toBe(tried + 1);
	expect(signedOut).toBe(0);
});

test("somebody else's token ends the tab", async () => {
	const tab = openTab();
	await tab.fetch("/x");
	session = "two";
	await pass(LIFE_SECONDS * 2);
	await expect(tab.fetch("/x")).rejects.toThrow("signed out");
	expect(signedOut).toBe(1);
	expect(asked.filter((one) => one === "GET /x")).toHaveLength(1);
});
