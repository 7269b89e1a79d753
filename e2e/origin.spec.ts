/** Requests from other sites, and by names that are not ours. */
import { request as httpRequest } from "node:http";
import { recordAction, replay } from "./actions";
import { expect, test } from "./fixtures";
import { createPerson, PASSWORD, startSessionOf } from "./people";
import { liveSessionsOf } from "./records";
import { appUrl, appWithoutProxyUrl, request, secondAppUrl } from "./request";

const FOREIGN = ["https://evil.example", "null", "http://localhost", "http://localhost:1", "file://"];

test("an unsafe request from another site does nothing, with the proxy and without it", async () => {
	const alice = await startSessionOf(await createPerson());
	for (const on of [appUrl(), appWithoutProxyUrl()]) {
		for (const Origin of [...FOREIGN, `${appUrl()}.evil.example`, appUrl().toUpperCase()]) {
			const answer = await request("/sign-out", { as: alice, method: "POST", headers: { Origin }, on });
			expect(answer.status, `${Origin} on ${on}`).toBe(403);
		}
	}
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
});

test("without an Origin, only a request that the browser calls same-origin has an effect", async () => {
	const alice = await startSessionOf(await createPerson());
	for (const site of [undefined, "cross-site", "same-site", "none"]) {
		expect(await send("/sign-out", { Cookie: alice.cookie, ...(site && { "Sec-Fetch-Site": site }) }), site).toBe(403);
	}
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
	expect(await send("/sign-out", { Cookie: alice.cookie, "Sec-Fetch-Site": "same-origin" })).toBe(303);
	expect(await liveSessionsOf(alice.user)).toEqual([]);
});

test("each of our own origins is accepted, on each instance", async () => {
	for (const [Origin, on] of [
		[appUrl(), secondAppUrl()],
		[secondAppUrl(), appUrl()],
	]) {
		const alice = await startSessionOf(await createPerson());
		const answer = await request("/sign-out", { as: alice, method: "POST", headers: { Origin: Origin ?? "" }, on });
		expect(answer.status).toBe(303);
	}
});

test("another site cannot sign a victim in as somebody else", async ({ page }) => {
	const mallory = await createPerson({ password: PASSWORD });
	const signIn = await recordAction(page, async () => {
		await page.goto("/sign-in");
		await page.getByLabel("Email").fill(mallory.email);
		await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
		await page.getByRole("button", { name: "Sign in" }).click();
	});
	for (const on of [appUrl(), appWithoutProxyUrl()]) {
		for (const Origin of FOREIGN) await replay(signIn, { as: null, on, headers: { Origin } });
	}
	expect(await liveSessionsOf(mallory)).toEqual([]);
	await replay(signIn, { as: null });
	expect(await liveSessionsOf(mallory)).toHaveLength(1);
});

test("a request by a name that is not ours is refused, whatever it asks for", async () => {
	const alice = await startSessionOf(await createPerson());
	for (const Host of ["evil.example", "localhost", "127.0.0.1:1", `evil.example:${new URL(appUrl()).port}`]) {
		for (const path of ["/", "/sign-in", "/dashboard", "/api/session"]) {
			expect(await send(path, { Host, Cookie: alice.cookie }, "GET"), `${Host}${path}`).toBe(421);
		}
	}
	expect(await send("/api/health", { Host: "10.0.0.1:8080" }, "GET")).toBe(200);
});

/** A request with exactly these headers; gives the status. */
function send(path: string, headers: Record<string, string>, method = "POST"): Promise<number> {
	const { hostname, port } = new URL(appUrl());
	return new Promise((resolve, reject) => {
		const sent = httpRequest({ hostname, port, path, method, headers }, (answer) => {
			answer.resume();
			resolve(answer.statusCode ?? 0);
		});
		sent.on("error", reject).end();
	});
}
