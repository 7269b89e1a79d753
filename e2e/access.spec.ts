/**
 * Who gets in where: every page and every handler that lib/permissions/surfaces.ts lists, for everyone there is, as a
 * page and as the request of a soft navigation, with `proxy.ts` and without it. Generated from the permission matrix.
 */
import { allows, type Role, roles } from "@/lib/permissions/matrix";
import { type Access, handlers, isCookieless, pages } from "@/lib/permissions/surfaces";
import { expect, test } from "./fixtures";
import { createPerson, type SignedIn, startImpersonation, startSessionOf } from "./people";
import { liveSessionsOf, rowOf } from "./records";
import { appUrl, appWithoutProxyUrl, request } from "./request";

interface Visitor {
	name: string;
	role: Role | null;
	impersonating?: boolean;
	session: SignedIn | null;
}

/** One of each: a visitor, every role, and admins who impersonate. */
async function everyone(): Promise<Visitor[]> {
	const signedIn = await Promise.all(
		roles.map(async (role) => ({ name: role, role, session: await startSessionOf(await createPerson({ role })) })),
	);
	const impersonations = (["user", "support", "admin"] as const).map(async (role) => {
		const owner = await startSessionOf(await createPerson({ role: "owner" }));
		const session = await startImpersonation(await createPerson({ role }), owner);
		return { name: `an owner who impersonates a ${role}`, role, impersonating: true, session };
	});
	return [{ name: "a visitor", role: null, session: null }, ...signedIn, ...(await Promise.all(impersonations))];
}

function mayEnter(access: Access, { role, impersonating }: Visitor): boolean {
	if (access === "public") return true;
	if (access === "signed-out") return role === null;
	return role !== null && allows(role, access, impersonating);
}

/** What the router of Next asks with when a link is clicked. */
const softNavigation = { headers: { RSC: "1" }, query: "?_rsc" };
const hardNavigation = { headers: {}, query: "" };

for (const [route, access] of Object.entries(pages)) {
	test(`the page ${route} opens for exactly those with ${access}`, async () => {
		const target = await startSessionOf(await createPerson());
		const path = route.replace("[id]", target.user.id);
		for (const visitor of await everyone()) {
			for (const { headers, query } of [hardNavigation, softNavigation]) {
				for (const on of [appUrl(), appWithoutProxyUrl()]) {
					const kind = `${visitor.name}, ${query ? "soft navigation" : "page"}, ${on}`;
					// Without the proxy, a form for the signed-out shows itself to others too: it gives nothing away.
					if (access === "signed-out" && on !== appUrl()) continue;
					const answer = await request(path + query, { as: visitor.session, headers, on });
					const text = await answer.text();
					if (mayEnter(access, visitor)) {
						expect(answer.status, kind).toBe(200);
						continue;
					}
					expect(refusalOf(answer, text), kind).toBe(
						access === "signed-out" ? "/dashboard" : visitor.session ? "not found" : signInFor(path),
					);
					expect(text, kind).not.toContain(target.user.email);
				}
			}
		}
	});
}

const signInFor = (path: string) => `/sign-in?next=${encodeURIComponent(path)}`;

/** Where a page sends those whom it does not let in. An answer that has begun can no longer say so in its status. */
function refusalOf(answer: Response, text: string): string | null {
	const location = answer.headers.get("location");
	if (location) return location.replace(appUrl(), "").replace(appWithoutProxyUrl(), "");
	if (answer.status === 404) return "not found";
	const redirected = /NEXT_REDIRECT;\w+;([^;"]+);/.exec(text)?.[1];
	return redirected ?? (/NEXT_HTTP_ERROR_FALLBACK;404|"Page not found · Kickoff"/.test(text) ? "not found" : null);
}

for (const [key, access] of Object.entries(handlers)) {
	if (access === "public" || isCookieless(access)) continue;
	const [method = "", route = ""] = key.split(" ");

	test(`${key} answers exactly those with ${access}`, async () => {
		for (const visitor of await everyone()) {
			for (const on of [appUrl(), appWithoutProxyUrl()]) {
				const target = await startSessionOf(await createPerson());
				const before = [await rowOf(target.user), await liveSessionsOf(target.user)];
				const id = route.includes("sessions/[id]") ? target.sessionId : target.user.id;
				const answer = await request(route.replace("[id]", id), { as: visitor.session, method, on });
				const kind = `${visitor.name} on ${on}`;
				if (mayEnter(access, visitor)) {
					expect([401, 403], kind).not.toContain(answer.status);
					await answer.body?.cancel();
					continue;
				}
				const text = await answer.text();
				// A download is a link on a page, so the proxy refuses it as it refuses a page.
				if (!route.startsWith("/api/") && on === appUrl()) {
					expect(refusalOf(answer, text), kind).toBe(visitor.session ? "not found" : signInFor(route));
				} else {
					expect(answer.status, kind).toBe(visitor.session ? 403 : 401);
					expect(answer.headers.get("content-type"), kind).toContain("application/problem+json");
				}
				expect(text, kind).not.toContain(target.user.email);
				expect([await rowOf(target.user), await liveSessionsOf(target.user)], kind).toEqual(before);
			}
		}
	});
}

test("what lies below a guarded route is not found for those who may enter and guarded for the others", async () => {
	const [admin, alice] = [
		await startSessionOf(await createPerson({ role: "admin" })),
		await startSessionOf(await createPerson()),
	];
	expect((await request("/admin/nothing/here", { as: admin })).status).toBe(404);
	expect((await request("/admin/nothing/here", { as: alice })).status).toBe(404);
	expect((await request("/admin/nothing/here")).status).toBe(307);
});

test("headers that claim an identity are not believed", async () => {
	const owner = await createPerson({ role: "owner" });
	const alice = await startSessionOf(await createPerson());
	const claims = {
		"X-User-Id": owner.id,
		"X-User-Role": "owner",
		"X-Forwarded-User": owner.email,
		"X-Middleware-Subrequest": "proxy:proxy:proxy:proxy:proxy",
		"X-Middleware-Next": "1",
		Purpose: "prefetch",
		"Next-Router-Prefetch": "1",
		"Sec-Purpose": "prefetch",
	};
	expect((await request("/admin", { headers: claims })).status).toBe(307);
	expect((await request("/admin", { as: alice, headers: claims })).status).toBe(404);
	expect((await request("/api/admin/users", { as: alice, headers: claims })).status).toBe(403);
});
