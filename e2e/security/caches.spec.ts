/**
 * Nothing that was made for one person is kept for another: not by a cache on the way, not by the browser.
 * (OWASP ASVS 5.0, V14.2.2, V14.3.2 and V14.2.5.)
 */
import { handlers } from "@/lib/permissions/surfaces";
import { expect, test } from "../fixtures";
import { createPerson, PASSWORD, type SignedIn, startImpersonation, startSessionOf } from "../people";
import { appUrl, appWithoutProxyUrl, request } from "../request";
import { actionId, builtActions, builtPages } from "./built";
import { addressOf, makeCanary } from "./cast";
import { sendAction } from "./send-action";

const instances = () => [appUrl(), appWithoutProxyUrl()];
const PRIVATE = /^(?=.*\bprivate\b)(?=.*\bno-store\b)/;

const everyone: Record<string, () => Promise<SignedIn>> = {
	"a user": async () => startSessionOf(await createPerson()),
	"an owner": async () => startSessionOf(await createPerson({ role: "owner" })),
	"an owner who impersonates": async () =>
		startImpersonation(await createPerson(), await startSessionOf(await createPerson({ role: "owner" }))),
};

/** The ways in which a page is asked for: opened, by a click, and ahead of a click. */
const ways: Record<string, string>[] = [{}, { RSC: "1" }, { RSC: "1", "Next-Router-Prefetch": "1" }];

for (const [name, arrive] of Object.entries(everyone)) {
	test(`no page and no answer for ${name} may be stored`, async () => {
		const [canary, as] = [await makeCanary(), await arrive()];
		const paths = [
			...builtPages(),
			// What is public knows nobody.
			...Object.entries(handlers).flatMap(([key, access]) =>
				key.startsWith("GET ") && access !== "public" ? key.slice(4) : [],
			),
			"/nothing/here",
			"/api/nothing/here",
		];
		for (const on of instances()) {
			for (const route of paths) {
				const path = addressOf(route, canary);
				for (const headers of route.startsWith("/api") ? ways.slice(0, 1) : ways) {
					const answer = await followToken(path, headers, as, on);
					const attempt = `${path} with ${JSON.stringify(headers)} on ${on}`;
					expect(answer.headers.get("cache-control"), attempt).toMatch(PRIVATE);
					await answer.body?.cancel();
				}
			}
		}
	});
}

/** Next answers the router's requests only under an address that sums up their headers, and leads there. */
async function followToken(path: string, headers: Record<string, string>, as: SignedIn, on: string): Promise<Response> {
	const answer = await request(path, { as, headers, on });
	const location = answer.headers.get("location") ?? "";
	return /[?&]_rsc\b/.test(location) ? request(location, { as, headers, on }) : answer;
}

test("the answer of an action may not be stored", async () => {
	const alice = await startSessionOf(await createPerson());
	for (const { id, key } of builtActions()) {
		const { headers } = await sendAction(id, { nonsense: "true" }, { as: alice, path: "/dashboard" });
		expect(headers.get("cache-control"), key).toContain("no-store");
	}
});

test("whatever sets a cookie may not be stored", async () => {
	const admin = await createPerson({ role: "admin", password: PASSWORD });
	const session = () => startSessionOf(admin);
	const impersonating = async () => startImpersonation(await createPerson(), await session());
	const json = (as: SignedIn, path: string, body: unknown) =>
		request(path, { as, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
	const signIn = (on: string) =>
		sendAction(
			actionId("signInAction"),
			{ email: admin.email, password: PASSWORD, next: "" },
			{ as: null, path: "/sign-in", on },
		);
	const alice = await createPerson();
	const answers = {
		"signing in": await signIn(appUrl()),
		"signing in without the proxy": await signIn(appWithoutProxyUrl()),
		"signing out": await request("/sign-out", { as: await session(), method: "POST" }),
		"proving who one is": await json(await session(), "/api/session/proof", { password: PASSWORD }),
		impersonating: await json(await session(), `/api/admin/users/${alice.id}/impersonation`, { reason: "A test" }),
		stopping: await request("/impersonation/stop", { as: await impersonating(), method: "POST" }),
		"stopping by the API": await request("/api/session/impersonation", { as: await impersonating(), method: "DELETE" }),
	};
	for (const [what, { headers }] of Object.entries(answers)) {
		expect(headers.getSetCookie(), what).toHaveLength(1);
		expect(headers.get("cache-control"), what).toContain("no-store");
	}
});
