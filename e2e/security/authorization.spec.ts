/**
 * The authorization matrix: whatever the build serves × everyone × every method, with `proxy.ts` and without it. What
 * there is comes from the manifests of the build; who may use it, from lib/permissions. (OWASP ASVS 5.0, V8.2 and V8.3.)
 */
import { type Access, actions, handlers, isCookieless, pages } from "@/lib/permissions/surfaces";
import { expect, test } from "../fixtures";
import { createPerson, type SignedIn, startSessionOf } from "../people";
import { appUrl, appWithoutProxyUrl, request } from "../request";
import { type BuiltAction, builtActions, builtHandlers, builtLegacyPages, builtPages } from "./built";
import { type Actor, actors, addressOf, type Canary, makeCanary, mayUse, showingCanary, valuesOf } from "./cast";
import { expectHarmless, expectSame } from "./expect-same";
import { forEach } from "./for-each";
import { fieldsOf, sendAction, sendArguments } from "./send-action";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const instances = () => [appUrl(), appWithoutProxyUrl()];

test("the build serves exactly what lib/permissions/surfaces.ts lists", async () => {
	expect(builtPages()).toEqual(Object.keys(pages).sort());
	expect(
		builtActions()
			.map(({ key }) => key)
			.sort(),
	).toEqual(Object.keys(actions).sort());
	const served = await Promise.all(
		builtHandlers().map(async (route) => (await methodsOf(route)).map((method) => `${method} ${route}`)),
	);
	expect(served.flat().sort()).toEqual(Object.keys(handlers).sort());
	expect(builtLegacyPages().filter((page) => !/^\/(404|500|_app|_document|_error)$/.test(page))).toEqual([]);
});

/** The methods that a handler was written for. Next adds HEAD, and an OPTIONS that says which there are. */
async function methodsOf(route: string): Promise<string[]> {
	const ask = (method: string) => request(route.replace("[id]", "x"), { method, on: appWithoutProxyUrl() });
	const written = [];
	for (const method of METHODS.filter((method) => method !== "HEAD")) {
		const { status, headers, body } = await ask(method);
		await body?.cancel();
		if (method === "OPTIONS" ? !headers.has("allow") : status !== 405) written.push(method);
	}
	return written;
}

for (const [name, actor] of Object.entries(actors)) {
	test(`every page of the build opens to ${name} as the matrix says`, async () => {
		const [canary, as] = [await makeCanary(), await actor.arrive()];
		const attempts = builtPages().flatMap((route) => {
			// Whatever they may see already, other methods show the same; one of those who may is enough to show that.
			const knows = mayUse(pages[route] as Access, actor) && actor.role !== "owner";
			const methods = knows ? ["GET", "HEAD"] : METHODS;
			const asked = methods.map((method) => ({ route, method, soft: false }));
			return [...asked, { route, method: "GET", soft: true }];
		});
		await inBoth(attempts, (attempt, on) => checkPage({ ...attempt, on, actor, as, canary }));
	});

	test(`every handler of the build answers ${name} as the matrix says, and changes nothing that it must not`, async () => {
		const canary = await makeCanary();
		const before = await canary.state();
		await forEach(builtHandlers(), AT_A_TIME, async (route) => {
			// One of their own for each route, and one method after the other: some of these end the session.
			const as = await actor.arrive();
			for (const method of METHODS) {
				await Promise.all(instances().map((on) => checkHandler({ route, method, on, actor, as, canary })));
			}
		});
		expect(await canary.state()).toEqual(before);
	});

	test(`every action of the build refuses ${name} unless the matrix says otherwise`, async () => {
		const [canary, as] = [await makeCanary(), await actor.arrive()];
		const before = await canary.state();
		await forEach(builtActions(), AT_A_TIME, async (action) => {
			const paths = new Set(["/", "/sign-in", ...action.pages.map((route) => addressOf(route, canary))]);
			const form = await fieldsOf(action.id, valuesOf(canary));
			await inBoth([...paths], (path, on) => checkAction({ action, form, path, on, actor, as, canary }));
		});
		expect(await canary.state()).toEqual(before);
	});
}

/** How many requests are under way on each instance, or how many handlers and actions are looked at, at the same time. */
const AT_A_TIME = 6;

/** Tries each on both instances. */
async function inBoth<Item>(items: Item[], check: (item: Item, on: string) => Promise<void>): Promise<void> {
	await Promise.all(instances().map((on) => forEach(items, AT_A_TIME, (item) => check(item, on))));
}

interface Attempt {
	on: string;
	actor: Actor;
	as: SignedIn | null;
	canary: Canary;
}

interface PageAttempt extends Attempt {
	route: string;
	method: string;
	/** As the router asks when a link is clicked. */
	soft: boolean;
}

async function checkPage({ route, method, soft, on, actor, as, canary }: PageAttempt): Promise<void> {
	const path = addressOf(route, canary);
	const address = soft ? `${path}${path.includes("?") ? "&" : "?"}_rsc` : path;
	const answer = await request(address, { as, method, on, headers: soft ? { RSC: "1" } : {} });
	const text = await answer.text();
	const attempt = `${method} ${address}${soft ? " by the router" : ""} on ${on}`;
	expectNothingForbidden({ status: answer.status, text }, actor, canary, attempt);

	const access = pages[route] as Access;
	// Without the proxy, a form for the signed-out shows itself to others too: it gives nothing away.
	if (mayUse(access, actor) || (access === "signed-out" && (on !== appUrl() || !isRead(method)))) {
		expectSame(answer.status, method === "OPTIONS" ? 400 : 200, attempt);
		if (method === "GET") expectCanary(text, route, canary, attempt);
		return;
	}
	if (method === "OPTIONS" && on !== appUrl()) return expectSame(answer.status, 400, attempt);
	const signIn = `/sign-in?next=${encodeURIComponent(path)}`;
	const refusal = access === "signed-out" ? "/dashboard" : actor.role ? "not found" : signIn;
	// Without the proxy a page does not know its own query.
	expectSame(refusalOf(answer, text), on === appUrl() ? refusal : refusal.replace(/%3F.*/, ""), attempt);
}

const isRead = (method: string) => method === "GET" || method === "HEAD";

/** Where a page sends those whom it does not let in. An answer that has begun can no longer say so in its status. */
function refusalOf(answer: Response, text: string): string | null {
	const location = answer.headers.get("location");
	if (location) return new URL(location, appUrl()).href.replace(/^https?:\/\/[^/]+/, "");
	if (answer.status === 404) return "not found";
	const redirected = /NEXT_REDIRECT;\w+;([^;"]+);/.exec(text)?.[1];
	return redirected ?? (/NEXT_HTTP_ERROR_FALLBACK;404|"Page not found · Kickoff"/.test(text) ? "not found" : null);
}

async function checkHandler({ route, method, on, actor, as, canary }: Attempt & { route: string; method: string }) {
	const access = handlers[`${method} ${route}`] ?? (method === "HEAD" ? handlers[`GET ${route}`] : undefined);
	const path = addressOf(route, canary);
	// Where another credential counts, a cookie does not.
	const byCookie = access !== undefined && isCookieless(access) ? undefined : access;
	const allowed = byCookie !== undefined && mayUse(byCookie, actor);
	const unsafe = !isRead(method) && method !== "OPTIONS";
	// Those who may send something that is refused for what it is; the others, what would have worked for those who may.
	const nonsense = { headers: { "Content-Type": "application/json" }, body: '{"nonsense":true}' };
	const answer = await request(path, { as, on, method, ...(allowed && unsafe ? nonsense : {}) });
	const attempt = `${method} ${path} on ${on}`;
	const type = answer.headers.get("content-type");
	if (type === "text/event-stream") {
		await answer.body?.cancel();
		return expectSame(allowed, true, attempt);
	}
	const text = await answer.text();
	expectNothingForbidden({ status: answer.status, text }, actor, canary, attempt);

	if (access === undefined) return expectSame(answer.ok && method !== "OPTIONS", false, attempt);
	if (access === "public") return;
	if (byCookie === undefined) return expectSame([400, 401, 415, 429].includes(answer.status), true, attempt);
	if (allowed) {
		expectSame(answer.status, unsafe ? 400 : 200, attempt);
		if (method === "GET") expectCanary(text, route, canary, attempt);
		return;
	}
	// A download is a link on a page, so the proxy refuses it as it refuses a page.
	if (!route.startsWith("/api/") && on === appUrl()) {
		const signIn = `/sign-in?next=${encodeURIComponent(path)}`;
		return expectSame(refusalOf(answer, text), actor.role ? "not found" : signIn, attempt);
	}
	expectSame([answer.status, type], [actor.role ? 403 : 401, "application/problem+json"], attempt);
}

type ActionAttempt = Attempt & { action: BuiltAction; form: Awaited<ReturnType<typeof fieldsOf>>; path: string };

async function checkAction({ action, form, path, on, actor, as, canary }: ActionAttempt): Promise<void> {
	const access = actions[action.key] as Access;
	const allowed = mayUse(access, actor);
	const attempt = `${action.key} at ${path} on ${on}`;
	// Those who may would succeed with the real fields; e2e/abilities.spec.ts shows that they do.
	const sent = allowed ? { nonsense: "true" } : form.fields;
	const answer = await sendAction(action.id, sent, { as, on, path });
	expectNothingForbidden(answer, actor, canary, attempt);
	const refusal = actor.role ? "forbidden" : "session-ended";
	expectSame(answer.code, allowed || !form.complete ? "invalid" : refusal, attempt);
}

/** Only those who may open the console see the canary, wherever they look. */
function expectNothingForbidden(
	answer: { status: number; text: string },
	actor: Actor,
	canary: Canary,
	attempt: string,
): void {
	expectHarmless(mayUse("console.view", actor) ? { ...answer, text: "" } : answer, canary, attempt);
}

/** Those who may see the canary do: otherwise the others could be looked at in the wrong place. */
function expectCanary(text: string, route: string, canary: Canary, attempt: string): void {
	if (showingCanary.includes(route)) expectSame(text.includes(canary.secrets[0] as string), true, attempt);
}

test("what lies below a guarded route is not found for those who may enter, and guarded for the others", async () => {
	const [admin, alice] = [
		await startSessionOf(await createPerson({ role: "admin" })),
		await startSessionOf(await createPerson()),
	];
	expect((await request("/admin/nothing/here", { as: admin })).status).toBe(404);
	expect((await request("/admin/nothing/here", { as: alice })).status).toBe(404);
	expect((await request("/admin/nothing/here")).status).toBe(307);
});

test("an action that is called with anything but a form refuses it, and is no error", async () => {
	for (const { id, key } of builtActions()) {
		for (const given of ["[]", "[null]", '["x",{"sessionId":"y"}]', "[null,[]]", '[null,"form"]', "[null,null,null]"]) {
			const answer = await sendArguments(id, given, { as: null, path: "/" });
			const done = actions[key] !== "public" && answer.code === "ok";
			expectSame({ isError: answer.status >= 500, done }, { isError: false, done: false }, `${key} with ${given}`);
		}
	}
});
