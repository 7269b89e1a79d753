/**
 * Other spellings of an address, and headers that speak to Next, to proxies and to frameworks: however it is asked for,
 * nobody gets to see what only the console shows. (OWASP ASVS 5.0, V4.1.2, V4.1.3 and V8.3.1.)
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build";
import { expect, test } from "../fixtures";
import { createPerson, type SignedIn, startSessionOf } from "../people";
import { appUrl, appWithoutProxyUrl } from "../request";
import { addressOf, type Canary, makeCanary } from "./cast";
import { expectHarmless } from "./expect-same";
import { forEach } from "./for-each";
import { type RawAnswer, sendRaw } from "./raw";

const guarded = ["/admin/users", "/admin/users/[id]", "/api/admin/users", "/admin/audit/export"];
/** Pages that show everybody themselves. */
const own = ["/dashboard", "/settings/profile"];
/** In every page and every answer to the router that was made for somebody who is signed in. */
const MADE_FOR_SOMEBODY = "canSeeConsole";
const buildId = () => readFileSync(join(ROOT, ".next", "BUILD_ID"), "utf8");

/** Every spelling of an address that some server or some version of Next took for it, or took for something else. */
function spellingsOf(address: string): string[] {
	const [path = "", query = ""] = address.split("?");
	const search = query && `?${query}`;
	const [, first = "", ...rest] = path.split("/");
	const below = rest.map((segment) => `/${segment}`).join("");
	const encoded = (text: string) => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`;
	const twice = (text: string) => `%25${text.charCodeAt(0).toString(16)}${text.slice(1)}`;
	return [
		...[
			`/${path}`,
			`//${path}`,
			`/.${path}`,
			`/x/..${path}`,
			`/%2e${path}`,
			`/x/%2e%2e${path}`,
			`${path}/`,
			`${path}//`,
		],
		...[`/${encoded(first)}${below}`, `/${twice(first)}${below}`, `/${first.toUpperCase()}${below}`],
		...[`/${first}/.${below}`, `/${first}/x/..${below}`, `/${first}//${below}`, path.replaceAll("/", "%2f")],
		...[`/${path.slice(1).replaceAll("/", "%2F")}`, path.replaceAll("/", "\\"), `/\\${path.slice(1)}`, `\\${path}`],
		...[
			`/%5c${path.slice(1)}`,
			`${path};x=1`,
			`/${first};x${below}`,
			`${path}%00`,
			`${path}%0a`,
			`${path}%20`,
			`${path}.`,
		],
		...[`${path}..;/`, `/..;${path}`, `/en${path}`, `/en-US${path}`, `/_next${path}`, `/_next/static/..${path}`],
		...[`/_next/static/%2e%2e/%2e%2e${path}`, `/_next/static/..%2f..${path}`, `/_next/static/x/../../..${path}`],
		...[
			`${path}.rsc`,
			`${path}.json`,
			`${path}.html`,
			`${path}.txt`,
			`${path}.action`,
			`${path}/page`,
			`${path}/route`,
		],
		...[
			`${path}.segments/_tree.segment.rsc`,
			`${path}.segments/_full.segment.rsc`,
			`${path}.segments/_head.segment.rsc`,
		],
		...[`${path}.segments/admin/__PAGE__.segment.rsc`, `${path}.prefetch.rsc`, `/_next/data/${buildId()}${path}.json`],
		...[`/_next/data/${buildId()}${path}.rsc`, `/_next/data/x${path}.json`, `/_next/data${path}.json`, `/index${path}`],
		...[`/${appUrl()}${path}`, `${appUrl()}${path}`, `http://evil.example${path}`, `//evil.example${path}`],
		...[
			`${path}#x`,
			`${path}/#/..`,
			`/.well-known/..${path}`,
			`/icon.svg/..${path}`,
			`/sign-in/..${path}`,
			`/%C0%AF${path}`,
		],
		...[
			`/api/health/../..${path}`,
			`/_next/image?url=${encodeURIComponent(path)}&w=64&q=75`,
			`/admin%ef%bc%8f${below}`,
		],
	].map((spelling) => (spelling.includes("?") ? spelling : spelling + search));
}

for (const route of guarded) {
	test(`no spelling of ${route} shows a visitor or a user what is there, or is an error`, async () => {
		const { canary, outsiders } = await prepare();
		for (const target of spellingsOf(addressOf(route, canary))) {
			await expectNothing(outsiders, canary, target, []);
			// A file is nothing that the router asks for.
			if (!route.endsWith("/export")) await expectNothing(outsiders, canary, target, [["RSC", "1"]]);
		}
	});
}

for (const route of own) {
	test(`no spelling of ${route} shows a visitor whom somebody else just saw there, or is an error`, async () => {
		const canary = await makeCanary();
		await forEach([...spellingsOf(route).entries()], 4, async ([number, target]) => {
			// Each spelling is opened on one instance, and asked for by the router on the other.
			const instances = [appUrl(), appWithoutProxyUrl()];
			if (number % 2) instances.reverse();
			for (const on of instances) {
				const headers: [string, string][] = on === instances[0] ? [] : [["RSC", "1"]];
				await sendAsRouter(target, { as: canary, on, headers });
				const answer = await sendAsRouter(target, { on, headers });
				expectHarmless(
					answer,
					{ secrets: [...canary.secrets, MADE_FOR_SOMEBODY] },
					`${target} on ${on} with ${headers}`,
				);
			}
		});
	});
}

/** Headers that Next uses between its own parts, or once did. */
const ofNext: [string, string][] = [
	["X-Middleware-Subrequest", "proxy:proxy:proxy:proxy:proxy"],
	["X-Middleware-Subrequest", "middleware:middleware:middleware:middleware:middleware"],
	["X-Middleware-Subrequest", "src/middleware:src/middleware:src/middleware:src/middleware:src/middleware"],
	["X-Middleware-Subrequest-Id", "x"],
	["X-Middleware-Prefetch", "1"],
	["X-Middleware-Next", "1"],
	["X-Middleware-Skip", "1"],
	["X-Middleware-Rewrite", "{path}"],
	["X-Middleware-Override-Headers", "cookie"],
	["X-Middleware-Invoke", "1"],
	["X-Nextjs-Data", "1"],
	["X-Nextjs-Rewrite", "{path}"],
	["X-Nextjs-Rewritten-Path", "{path}"],
	["X-Nextjs-Matched-Path", "{path}"],
	["X-Nextjs-Postponed", "1"],
	["Next-Resume", "1"],
	["Next-Router-Prefetch", "1"],
	["Next-Router-Prefetch", "2"],
	["Next-Router-Segment-Prefetch", "/_tree"],
	["Next-Router-Segment-Prefetch", "/admin/users/__PAGE__"],
	["Next-Router-State-Tree", encodeURIComponent(JSON.stringify(treeOfUsersPage()))],
	["Next-Hmr-Refresh", "1"],
	["Next-Instant-Navigation-Testing-Prefetch", "1"],
	["Next-Url", "{path}"],
	["X-Matched-Path", "{path}"],
	["X-Invoke-Path", "{path}"],
	["X-Invoke-Query", encodeURIComponent('{"id":"1"}')],
	["X-Invoke-Output", "{path}"],
	["X-Invoke-Status", "200"],
	["X-Invoke-Error", "{}"],
	["X-Now-Route-Matches", "1=admin"],
	["X-Next-Revalidated-Tags", "x"],
	["X-Prerender-Revalidate", "x"],
	["X-Prerender-Bypass-Mode", "static"],
	["X-Action-Forwarded", "1"],
	["X-Action-Revalidated", "1"],
	["Cookie", "__prerender_bypass=x; __next_preview_data=x"],
];

/** Headers of caches, of proxies, and of those who believe them. */
const ofOthers: [string, string][] = [
	["Purpose", "prefetch"],
	["Sec-Purpose", "prefetch;prerender"],
	["X-Moz", "prefetch"],
	["X-Forwarded-Host", "evil.example"],
	["X-Forwarded-Proto", "https"],
	["X-Forwarded-For", "127.0.0.1"],
	["X-Forwarded-Prefix", "/sign-in"],
	["Forwarded", "for=127.0.0.1;host=evil.example"],
	["X-Real-IP", "127.0.0.1"],
	["X-Client-Address", "127.0.0.1"],
	["X-Original-URL", "{path}"],
	["X-Rewrite-URL", "{path}"],
	["X-Original-Host", "evil.example"],
	["X-HTTP-Method-Override", "POST"],
	["X-User-Id", "{owner}"],
	["X-User-Role", "owner"],
	["X-Remote-User", "{owner}"],
	["Remote-User", "{owner}"],
	["X-Forwarded-User", "{owner}"],
	["X-Forwarded-Email", "{owner}"],
	["X-Auth-Request-User", "{owner}"],
	["X-Session-Id", "{owner}"],
	["Authorization", "Bearer {owner}"],
	["Authorization", "Basic b3duZXI6b3duZXI="],
	["X-Api-Key", "{owner}"],
	["Range", "bytes=0-"],
	["If-None-Match", "*"],
	["Accept", "text/x-component"],
];

for (const [whose, all] of Object.entries({ Next: ofNext, "proxies and frameworks": ofOthers })) {
	test(`no header of ${whose} shows a visitor or a user what is not theirs, or is an error`, async () => {
		const { canary, outsiders, owner } = await prepare();
		for (const [name, template] of all) {
			for (const route of ["/admin/users/[id]", "/api/admin/users"]) {
				const target = addressOf(route, canary);
				const value = template.replace("{path}", target).replace("{owner}", owner.user.id);
				await expectNothing(outsiders, canary, target, [[name, value]]);
				if (!route.startsWith("/api"))
					await expectNothing(outsiders, canary, target, [
						[name, value],
						["RSC", "1"],
					]);
				// From the other side: a public address that a header bends to a guarded one.
				if (template === "{path}") await expectNothing(outsiders, canary, "/sign-in", [[name, value]]);
			}
		}
	});
}

test("headers that claim an identity are not believed, not even all of them together", async () => {
	const { outsiders, owner } = await prepare();
	const claims = ofOthers
		.filter(([name]) => /user|email|session|api-key/i.test(name))
		.map(([name, value]): [string, string] => [name, value.replace("{owner}", owner.user.id)]);
	const headers: [string, string][] = [...claims, ["X-Middleware-Next", "1"], ["Purpose", "prefetch"]];
	for (const as of outsiders) {
		const [page, api] = [await sendRaw("/admin", { as, headers }), await sendRaw("/api/admin/users", { as, headers })];
		expect([page.status, api.status]).toEqual(as ? [404, 403] : [307, 401]);
	}
});

test("a redirect leads to this site and holds nothing, whatever the request claims about hosts", async () => {
	const { canary, outsiders } = await prepare();
	for (const name of ["X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded"]) {
		for (const as of [...outsiders, canary]) {
			for (const target of [
				"/admin/users",
				"/dashboard",
				"/sign-in",
				"/sign-in/",
				"//evil.example/",
				"/\\evil.example",
			]) {
				const value = name === "Forwarded" ? "host=evil.example;proto=https" : "evil.example";
				const { head, text, status } = await sendRaw(target, { as, headers: [[name, value]] });
				const location = /^location: (.*)$/im.exec(head)?.[1]?.trim();
				expect(status, target).toBeLessThan(500);
				if (!location) continue;
				expect(new URL(location, appUrl()).origin, `${target} with ${name}`).toBe(appUrl());
				expect(text.length, `${target} with ${name}`).toBeLessThan(300);
			}
		}
	}
});

test("a state of the router that makes no sense shows nothing", async () => {
	const { canary, outsiders } = await prepare();
	for (const tree of ["nonsense", "[]", "%", encodeURIComponent('["",{"children":["admin",{}]}]')]) {
		for (const as of outsiders) {
			const headers: [string, string][] = [
				["RSC", "1"],
				["Next-Router-State-Tree", tree],
			];
			// Next answers 500 to those that it cannot read.
			const { text } = await sendAsRouter(addressOf("/admin/users/[id]", canary), { as, headers });
			for (const secret of canary.secrets) expect(text, tree).not.toContain(secret);
		}
	}
});

test("the image optimiser fetches nothing but the pictures of the build", async () => {
	const owner = await startSessionOf(await createPerson({ role: "owner" }));
	for (const url of [
		"/admin/users",
		"/api/session",
		"/api/admin/users",
		"/icon.svg",
		"http://localhost:1/x",
		"//evil.example/x",
	]) {
		const target = `/_next/image?${new URLSearchParams({ url, w: "64", q: "75" })}`;
		for (const as of [null, owner]) expect((await sendRaw(target, { as })).status, url).toBe(400);
	}
});

test("those who may see the canary do, so the tests above look for the right thing", async () => {
	const { canary, owner } = await prepare();
	for (const route of guarded) {
		for (const on of [appUrl(), appWithoutProxyUrl()]) {
			const { text } = await sendRaw(addressOf(route, canary), { as: owner, on });
			expect(text, `${route} on ${on}`).toContain(canary.secrets[0]);
		}
	}
	for (const route of own) {
		for (const headers of [[], [["RSC", "1"]]] satisfies [string, string][][]) {
			const { text } = await sendAsRouter(route, { as: canary, headers });
			for (const word of [canary.secrets[0], MADE_FOR_SOMEBODY])
				expect(text, `${route} with ${headers}`).toContain(word);
		}
	}
});

async function prepare() {
	const canary = await makeCanary();
	const [user, owner] = [
		await startSessionOf(await createPerson()),
		await startSessionOf(await createPerson({ role: "owner" })),
	];
	return { canary, owner, outsiders: [null, user] };
}

async function expectNothing(
	outsiders: (SignedIn | null)[],
	canary: Canary,
	target: string,
	headers: [string, string][],
): Promise<void> {
	const attempts = outsiders.flatMap((as) => [appUrl(), appWithoutProxyUrl()].map((on) => ({ as, on })));
	await Promise.all(
		attempts.map(async ({ as, on }) => {
			const answer = await sendAsRouter(target, { as, on, headers });
			const attempt = `${target} by ${as?.user.role ?? "a visitor"} on ${on} with ${JSON.stringify(headers)}`;
			expectHarmless(answer, canary, attempt);
		}),
	);
}

/** Next answers the router's requests only under an address that sums up their headers, and leads there. Gives both. */
async function sendAsRouter(target: string, options: Parameters<typeof sendRaw>[1]): Promise<RawAnswer> {
	const first = await sendRaw(target, options);
	const location = /^location: (.*[?&]_rsc\b.*)$/im.exec(first.head)?.[1]?.trim();
	if (!location) return first;
	const { status, head, text } = await sendRaw(location, options);
	return { status, head: `${first.head}\n${head}`, text: `${first.text}\n${text}` };
}

/** What the router says that it shows: the list of users. Next takes no other shape than its own. */
function treeOfUsersPage() {
	const page = { children: ["__PAGE__", {}, null, null, 0] };
	return ["", { children: ["admin", { children: ["users", page, null, null, 0] }, null, null, 0] }, null, null, 16];
}
