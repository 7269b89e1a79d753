/**
 * Requests that another site makes a browser send: nothing changes, whatever they look like. Each is sent as somebody who
 * may, so it would have an effect if it came from us. (OWASP ASVS 5.0, V3.4.6, V3.5.1, V3.5.2 and V3.5.3.)
 */
import { and, eq, ne } from "drizzle-orm";
import { db } from "@/db/client";
import { auditEvents, identityProviders, serviceClients } from "@/db/schema";
import { type HandlerAccess, handlers, isCookieless } from "@/lib/permissions/surfaces";
import type { Person } from "@/lib/session/lookup";
import { expect, test } from "../fixtures";
import { createPerson, PASSWORD, type SignedIn, startSessionOf } from "../people";
import { liveSessionsOf, rowOf } from "../records";
import { appUrl, appWithoutProxyUrl, request } from "../request";
import { actionId, builtActions, builtHandlers, builtPages } from "./built";
import { addressOf, type Canary, makeCanary, valuesOf } from "./cast";
import { expectSame } from "./expect-same";
import { sendRaw } from "./raw";
import { fieldsOf, sendAction } from "./send-action";

const instances = () => [appUrl(), appWithoutProxyUrl()];
const unsafe = Object.keys(handlers).filter((key) => !/^(GET|OPTIONS) /.test(key));

/** Origins that are not ours, and such as only look like it. Null stands for none. */
function foreignOrigins(): (string | null)[] {
	const { port, host, origin } = new URL(appUrl());
	return [
		...[null, "", "null", "https://evil.example", `http://evil.example:${port}`, "file://", "chrome-extension://abc"],
		...[`https://${host}`, `ws://${host}`, "http://localhost", "https://localhost", "http://localhost:1", `//${host}`],
		...[`http://localhost.evil.example:${port}`, `http://evil-localhost:${port}`, `http://localhost.:${port}`],
		...[`http://user@${host}`, `http://${host}@evil.example`, `${origin}.evil.example`, `${origin}/`, `${origin}%00`],
		...[
			`http://127.0.0.1:${port}`,
			`http://[::1]:${port}`,
			`http://LOCALHOST:${port}`,
			`${origin}, https://evil.example`,
		],
		...[
			`https://evil.example ${origin}`,
			`${origin}0`,
			host,
			`http://evil.example/${origin}`,
			`http://evil.example#${origin}`,
		],
	];
}

/** What a request must hold to be obeyed, by handler. Those left out take no body. */
const bodies: Record<string, (canary: Canary) => unknown> = {
	"POST /api/session/proof": () => ({ password: PASSWORD }),
	"POST /api/session/password": () => ({ currentPassword: PASSWORD, newPassword: "a quite different sentence" }),
	"PATCH /api/admin/users/[id]": () => ({ role: "support" }),
	"POST /api/admin/users/[id]/impersonation": () => ({ reason: "A test" }),
	"POST /api/admin/users/[id]/offboarding": () => ({ reason: "A test" }),
	"POST /api/admin/force-logouts": ({ sessionId }) => ({ sessions: [sessionId] }),
};

for (const key of unsafe) {
	const [method = "", route = ""] = key.split(" ");

	test(`${key} hears no other site, whatever its origin looks like`, async () => {
		const { canary, owner, unchanged } = await prepare();
		// Where another credential is asked for, the cookie that a browser sends along counts for nothing.
		const refusals = isCookieless(handlers[key] as HandlerAccess) ? [400, 401, 415, 429] : [403];
		const body = bodies[key] && JSON.stringify(bodies[key](canary));
		const send = (origin: string | null, on: string) => {
			const headers: [string, string][] = body ? [["Content-Type", "application/json"]] : [];
			if (origin !== null) headers.push(["Origin", origin]);
			return sendRaw(addressOf(route, canary), { as: owner, on, method, headers, body: body ?? "" });
		};
		for (const on of instances()) {
			for (const origin of foreignOrigins()) {
				const { status, text, head } = await send(origin, on);
				const isRefused = status === 403 ? text.includes('"code":"foreign-origin"') : refusals.includes(status);
				const gives = /^(set-cookie|access-control-.*):/im.exec(head)?.[0];
				expectSame({ isRefused, gives }, { isRefused: true, gives: undefined }, `${status} for ${origin} on ${on}`);
			}
		}
		await unchanged();
		const obeyed = await send(appUrl(), appUrl());
		expect(obeyed.status, `${key} from our own origin: ${obeyed.text}`).not.toBe(403);
		if (body) expect(obeyed.status, obeyed.text).toBeLessThan(300);
	});
}

test("a body that is not called JSON is not read as JSON, not even from our own origin", async () => {
	const { canary, owner, unchanged } = await prepare();
	for (const [key, body] of Object.entries(bodies)) {
		const [method = "", route = ""] = key.split(" ");
		for (const type of [
			...[
				"text/plain",
				"text/plain;charset=UTF-8",
				"application/x-www-form-urlencoded",
				"multipart/form-data; boundary=x",
			],
			...["text/json", "application/jsonp", "application/json-patch", "application/problem+json", "json", "", "*/*"],
			...["text/plain, application/json", "text/plain; application/json", "application/json, text/plain"],
		]) {
			for (const on of instances()) {
				const headers: [string, string][] = [
					["Origin", on],
					["Content-Type", type],
				];
				const sent = JSON.stringify(body(canary));
				const answer = await sendRaw(addressOf(route, canary), { as: owner, on, method, headers, body: sent });
				expectSame(answer.status, 415, `${key} as ${type} on ${on}`);
			}
		}
		// The trick of forms: a name and a value that are JSON together.
		const disguised = `${JSON.stringify(body(canary)).slice(0, -1)},"x":"=y"}`;
		const headers = { "Content-Type": "text/plain" };
		const answer = await request(addressOf(route, canary), { as: owner, method, headers, body: disguised });
		expect(answer.status, key).toBe(415);
	}
	await unchanged();
});

test("no action hears another site, in any of the ways to call one", async () => {
	const { canary, owner, service, provider, unchanged } = await prepare();
	const own = { clientId: service.id, id: provider.id, identityId: canary.user.id, email: "moved@example.com" };
	for (const { id, key, pages } of builtActions()) {
		const { fields } = await fieldsOf(id, { ...valuesOf(canary), ...own, password: PASSWORD });
		const path = addressOf(pages[0] ?? "/", canary);
		for (const on of instances()) {
			// Next compares hosts, if there is an Origin: what it lets through is ours to refuse, with the proxy and without.
			const [sibling, proxied] = [on.replace("http:", "https:"), on === appUrl()];
			const refusedByUs = { status: proxied ? 403 : 200, code: "foreign-origin" };
			const refusedByNext = proxied ? refusedByUs : { status: 500, code: null };
			const wanted = new Map<string | null, object>([
				[null, refusedByUs],
				[sibling, refusedByUs],
				["null", refusedByNext],
				["https://evil.example", refusedByNext],
				[`${on}.evil.example`, refusedByNext],
			]);
			await Promise.all(
				[...wanted].map(async ([origin, refused]) => {
					const { status, code } = await sendAction(id, fields, { as: owner, on, path, origin });
					expectSame({ status, code }, refused, `${key} from ${origin} on ${on}`);
				}),
			);
			for (const [type, body] of formsFor(id, fields)) {
				const headers = { "Content-Type": type };
				const posted = await request(path, { as: owner, on, origin: sibling, method: "POST", headers, body });
				const text = await posted.text();
				if (proxied)
					expectSame([posted.status, text.includes('"code":"foreign-origin"')], [403, true], `${key} as ${type}`);
				expectSame(posted.headers.getSetCookie(), [], `${key} as ${type} on ${on}`);
			}
		}
	}
	await unchanged();

	const toService = { clientId: service.id };
	const works = await sendAction(actionId("disableServiceClientAction"), toService, {
		as: owner,
		path: "/admin/services",
	});
	expect(works.code).toBe("ok");
	const [, bound = ["", ""]] = formsFor(actionId("forceLogoutAction"), { sessionId: canary.sessionId }).filter(
		([type]) => type.startsWith("multipart"),
	);
	const headers = { "Content-Type": bound[0] };
	await request("/admin/sessions", { as: owner, method: "POST", headers, body: bound[1] });
	expect(await liveSessionsOf(canary.user)).toEqual([]);
});

/** The action as a form without scripts would post it, in the three encodings that a form can have. */
function formsFor(id: string, fields: Record<string, string>): [type: string, body: string][] {
	const shapes = [
		{ [`$ACTION_ID_${id}`]: "", ...fields },
		{ $ACTION_REF_1: "", "$ACTION_1:0": JSON.stringify({ id, bound: "$@1" }), "$ACTION_1:1": "[null]", ...fields },
	];
	return shapes.flatMap((shape): [string, string][] => {
		const parts = Object.entries(shape).map(
			([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
		);
		const lines = Object.entries(shape).map(([name, value]) => `${name}=${value}\r\n`);
		return [
			["multipart/form-data; boundary=x", `${parts.join("")}--x--\r\n`],
			["application/x-www-form-urlencoded", new URLSearchParams(shape).toString()],
			["text/plain", lines.join("")],
		];
	});
}

test("no header, parameter or field turns one method into another", async () => {
	const { canary, owner, unchanged } = await prepare();
	for (const key of unsafe) {
		const [method = "", route = ""] = key.split(" ");
		const path = addressOf(route, canary);
		for (const name of ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-Method"]) {
			await request(path, { as: owner, headers: { [name]: method } });
			if (method !== "POST") await request(path, { as: owner, method: "POST", headers: { [name]: method } });
		}
		await request(`${path}?_method=${method}&_httpMethod=${method}`, { as: owner });
		if (method === "POST") continue;
		const headers = { "Content-Type": "application/x-www-form-urlencoded" };
		await request(path, { as: owner, method: "POST", headers, body: `_method=${method}` });
	}
	await unchanged();
});

test("whatever only reads changes nothing, so that a link on another site cannot either", async () => {
	const { canary, owner, unchanged } = await prepare();
	for (const route of [...builtPages(), ...builtHandlers()]) {
		for (const method of ["GET", "HEAD", "OPTIONS"]) {
			const headers = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
			const answer = await request(addressOf(route, canary), { as: owner, method, headers });
			expectSame(answer.headers.has("access-control-allow-origin"), false, `${method} ${route}`);
			await answer.body?.cancel();
		}
	}
	await unchanged();
});

test("nothing that the build serves lets another site frame it or read it", async () => {
	const { canary, owner } = await prepare();
	for (const route of [...builtPages(), ...builtHandlers()]) {
		for (const as of [null, owner]) {
			const { headers, body } = await request(addressOf(route, canary), { as });
			await body?.cancel();
			expect(headers.get("x-frame-options"), route).toBe("DENY");
			expect(headers.get("content-security-policy"), route).toContain("frame-ancestors 'none'");
			expect(headers.get("cross-origin-resource-policy"), route).toBe("same-origin");
		}
	}
});

const ELSEWHERE = "http://evil.example/";

test("a page of another site frames nothing of ours, and its forms end no session", async ({ signedInAs }) => {
	const { page, user, sessionId } = await signedInAs("user");
	await page.route(ELSEWHERE, (route) =>
		route.fulfill({
			contentType: "text/html",
			body: `<iframe src="${appUrl()}/dashboard"></iframe><form method="post"></form>`,
		}),
	);
	await page.goto(ELSEWHERE);
	const framed = await page.frames()[1]?.evaluate(() => document.body.textContent);
	expect(framed).not.toContain(user.name);
	for (const encoding of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
		await page.goto(ELSEWHERE);
		const [answer] = await Promise.all([
			page.waitForResponse((response) => response.url() === `${appUrl()}/sign-out`),
			page.evaluate(
				([action, enctype]) => {
					const form = document.forms[0] as HTMLFormElement;
					Object.assign(form, { action, enctype });
					form.submit();
				},
				[`${appUrl()}/sign-out`, encoding],
			),
		]);
		expect(answer.status(), encoding).toBe(403);
		await page.waitForURL(answer.url());
	}
	expect(await liveSessionsOf(user)).toEqual([sessionId]);
});

/** An owner who may do everything, a service and a provider of theirs, and somebody to whom nothing may happen. */
async function prepare() {
	const canary = await makeCanary();
	const owner = await startSessionOf(await createPerson({ role: "owner", password: PASSWORD }));
	const [service, provider] = [await createService(owner.user), await createProvider(owner.user)];
	const state = async () => ({
		canary: await canary.state(),
		owner: await rowOf(owner.user),
		sessions: await liveSessionsOf(owner.user),
		services: await db.select().from(serviceClients).where(eq(serviceClients.createdById, owner.user.id)),
		providers: await db.select().from(identityProviders).where(eq(identityProviders.createdById, owner.user.id)),
		acts: await actsOf(owner.user),
	});
	const before = await state();
	const unchanged = async () => expect(await state()).toEqual(before);
	return { canary, owner: owner as SignedIn, service, provider, unchanged };
}

async function createService({ id }: Person): Promise<{ id: string }> {
	const values = {
		name: `service ${id}`,
		scopes: ["read"],
		audiences: ["https://inventory.example.com"],
		createdById: id,
	};
	const [row] = await db.insert(serviceClients).values(values).returning({ id: serviceClients.id });
	return row as { id: string };
}

/** It is turned off, so that no page of other tests offers it. */
async function createProvider({ id: createdById }: Person): Promise<{ id: string }> {
	const id = createdById.slice(-12);
	const client = { clientId: "kickoff", sealedClientSecret: "sealed" };
	const values = { id, name: `Acme ${id}`, issuer: `https://${id}.example.com`, ...client, disabledAt: new Date() };
	await db.insert(identityProviders).values({ ...values, createdById });
	return { id };
}

/** What the log says that they did. Whoever reads the log as a file is in it too. */
async function actsOf({ id }: Person) {
	const isTheirs = and(eq(auditEvents.actorId, id), ne(auditEvents.action, "audit.exported"));
	return db.select({ action: auditEvents.action, detail: auditEvents.detail }).from(auditEvents).where(isTheirs);
}
