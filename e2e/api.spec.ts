/** The console's JSON API over HTTP: the same acts, the same permissions, strict about what it takes. */
import type { Permission } from "@/lib/permissions/matrix";
import { handlers } from "@/lib/permissions/surfaces";
import { expect, test } from "./fixtures";
import { createPerson, forgetProof, PASSWORD, type SignedIn, startSessionOf, suspend } from "./people";
import { auditOf, liveSessionsOf, rowOf } from "./records";
import { request } from "./request";
import { expectOnlyAllowed, lowestRoleWith } from "./twins";

interface ApiAct {
	does: string;
	permission: Permission;
	method: string;
	path(target: SignedIn): string;
	body?(target: SignedIn): unknown;
	prepare?(target: SignedIn): Promise<void>;
	/** People do it to themselves. */
	self?: boolean;
}

const onUser = ({ user }: SignedIn) => `/api/admin/users/${user.id}`;

const acts: ApiAct[] = [
	{
		does: "proves who one is",
		permission: "identity.prove",
		method: "POST",
		path: () => "/api/session/proof",
		body: () => ({ password: PASSWORD }),
		self: true,
	},
	{
		does: "changes the password",
		permission: "password.change",
		method: "POST",
		path: () => "/api/session/password",
		body: () => ({ currentPassword: PASSWORD, newPassword: "a quite different sentence" }),
		self: true,
	},
	{
		does: "changes a role",
		permission: "users.change-role",
		method: "PATCH",
		path: onUser,
		body: () => ({ role: "support" }),
	},
	{
		does: "suspends a person",
		permission: "users.suspend",
		method: "PATCH",
		path: onUser,
		body: () => ({ status: "suspended", reason: "Under investigation" }),
	},
	{
		does: "reactivates a person",
		permission: "users.suspend",
		method: "PATCH",
		path: onUser,
		body: () => ({ status: "active" }),
		prepare: ({ user }) => suspend(user),
	},
	{
		does: "forces a person out everywhere",
		permission: "sessions.force-logout",
		method: "DELETE",
		path: (target) => `${onUser(target)}/sessions`,
	},
	{
		does: "forces one session out",
		permission: "sessions.force-logout",
		method: "DELETE",
		path: ({ sessionId }) => `/api/admin/sessions/${sessionId}`,
	},
	{
		does: "forces chosen sessions out",
		permission: "sessions.force-logout",
		method: "POST",
		path: () => "/api/admin/force-logouts",
		body: ({ sessionId }) => ({ sessions: [sessionId] }),
	},
	{
		does: "forces all matching sessions out",
		permission: "sessions.force-logout",
		method: "POST",
		path: () => "/api/admin/force-logouts",
		body: ({ user }) => ({ matching: { userId: user.id } }),
	},
	{
		does: "impersonates a person",
		permission: "users.impersonate",
		method: "POST",
		path: (target) => `${onUser(target)}/impersonation`,
		body: () => ({ reason: "To see what they see" }),
	},
	{
		does: "off-boards a person",
		permission: "users.offboard",
		method: "POST",
		path: (target) => `${onUser(target)}/offboarding`,
		body: () => ({ reason: "Left the company" }),
	},
	{
		does: "deletes a person",
		permission: "users.delete",
		method: "POST",
		path: (target) => `${onUser(target)}/deletion`,
		body: () => ({ reason: "Asked to be forgotten" }),
	},
	{
		does: "deletes one's own account",
		permission: "account.delete",
		method: "POST",
		path: () => "/api/account/deletion",
		body: ({ user }) => ({ email: user.email }),
		self: true,
	},
];

const JSON_TYPE = { "Content-Type": "application/json" };

for (const { does, permission, method, path, body, prepare, self } of acts) {
	test(`${method} ${path({ user: { id: "…" }, sessionId: "…" } as SignedIn)} ${does} for those with ${permission} and for nobody else`, async () => {
		const role = lowestRoleWith(permission);
		const actor = await startSessionOf(await createPerson({ role, password: self ? PASSWORD : undefined }));
		const target = self ? actor : await startSessionOf(await createPerson());
		await prepare?.(target);
		const content = body && JSON.stringify(body(target));
		await expectOnlyAllowed({
			send: async ({ as, on, headers }) => {
				const all = { ...(content && JSON_TYPE), ...headers };
				const answer = await request(path(target), { as, on, method, headers: all, body: content });
				await answer.text();
			},
			permission,
			actor,
			target: target.user,
		});
	});
}

test("the API forces an open page out as the console does", async ({ signedInAs }) => {
	const alice = await signedInAs("user");
	const support = await startSessionOf(await createPerson({ role: "support" }));
	await alice.page.goto("/dashboard");
	const answer = await request(`/api/admin/users/${alice.user.id}/sessions`, { as: support, method: "DELETE" });
	expect(await answer.json()).toEqual({ ended: 1 });
	await expect(alice.page).toHaveURL(/\/sign-in/);
	await expect(alice.page.getByRole("status")).toContainText("You were signed out by an administrator.");
	expect(await auditOf("session.forced_out_everywhere", { target: alice.user })).toHaveLength(1);

	const again = await request(`/api/admin/sessions/${alice.sessionId}`, { as: support, method: "DELETE" });
	expect(again.status).toBe(404);
});

test("GET /api/session says who is asking, and who is behind an impersonation", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await createPerson();
	const { name, email, id } = admin.user;
	expect(await (await request("/api/session", { as: admin })).json()).toEqual({
		session: expect.objectContaining({ id: admin.sessionId }),
		user: { id, name, email, role: "admin" },
		impersonator: null,
	});
	const started = await request(`/api/admin/users/${alice.id}/impersonation`, {
		as: admin,
		method: "POST",
		headers: JSON_TYPE,
		body: JSON.stringify({ reason: "To see what they see" }),
	});
	expect(started.status).toBe(201);
	const impersonation = { cookie: started.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
	expect(await (await request("/api/session", { as: impersonation })).json()).toMatchObject({
		user: { id: alice.id },
		impersonator: { id, name },
	});
	const stopped = await request("/api/session/impersonation", { as: impersonation, method: "DELETE" });
	expect(stopped.status).toBe(204);
	const back = { cookie: stopped.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
	expect(await (await request("/api/session", { as: back })).json()).toMatchObject({ user: { id } });
	expect(await liveSessionsOf(alice)).toEqual([]);
});

test("an act that needs a fresh proof is refused until the password was given again", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin", password: PASSWORD }));
	const alice = await createPerson();
	await forgetProof(admin.sessionId);
	const promote = (as: { cookie: string }) =>
		request(`/api/admin/users/${alice.id}`, {
			as,
			method: "PATCH",
			headers: JSON_TYPE,
			body: JSON.stringify({ role: "support" }),
		});
	const refused = await promote(admin);
	expect(refused.status).toBe(403);
	expect(await refused.json()).toMatchObject({ code: "proof-required" });
	const prove = (password: string) =>
		request("/api/session/proof", {
			as: admin,
			method: "POST",
			headers: JSON_TYPE,
			body: JSON.stringify({ password }),
		});
	expect((await prove("not the password")).status).toBe(400);
	const proven = await prove(PASSWORD);
	expect(proven.status).toBe(204);
	expect((await promote({ cookie: proven.headers.getSetCookie()[0]?.split(";")[0] ?? "" })).status).toBe(200);
	expect((await rowOf(alice)).role).toBe("support");
});

test("lists are paged by cursor without gaps or repetition", async () => {
	const support = await startSessionOf(await createPerson({ role: "support" }));
	const mark = crypto.randomUUID().slice(0, 8);
	const ids: string[] = [];
	for (let count = 0; count < 53; count++) ids.push((await createPerson({ name: `Person ${mark}` })).id);
	const first = await (await request(`/api/admin/users?q=${mark}`, { as: support })).json();
	const rest = await (await request(`/api/admin/users?q=${mark}&cursor=${first.next}`, { as: support })).json();
	const rowsOf = (page: Record<string, { id: string }[]>) => Object.values(page).find(Array.isArray) ?? [];
	expect([...rowsOf(first), ...rowsOf(rest)].map(({ id }) => id)).toEqual(ids.toReversed());
	expect(rest.next).toBeNull();
});

test("bad input is a 4xx in problem+json and changes nothing", async () => {
	const admin = await startSessionOf(await createPerson({ role: "admin" }));
	const alice = await startSessionOf(await createPerson());
	const path = `/api/admin/users/${alice.user.id}`;
	const before = await rowOf(alice.user);
	const patch = (body: string, headers: Record<string, string> = JSON_TYPE) =>
		request(path, { as: admin, method: "PATCH", headers, body });
	const bad: [number, Promise<Response>][] = [
		[400, patch("")],
		[400, patch("{")],
		[400, patch("null")],
		[400, patch("[]")],
		[400, patch('{"role":"emperor"}')],
		[400, patch('{"role":"support","extra":1}')],
		[400, patch('{"role":"support","status":"active"}')],
		[400, patch('{"role":["support"]}')],
		[400, patch('{"status":"suspended"}')],
		[400, patch('{"status":"suspended","reason":"\\u0000"}')],
		[400, patch(JSON.stringify({ status: "suspended", reason: "x".repeat(600) }))],
		[413, patch(JSON.stringify({ status: "suspended", reason: "x".repeat(200_000) }))],
		[415, patch('{"role":"support"}', { "Content-Type": "text/plain" })],
		[415, patch('{"role":"support"}', {})],
		[400, request(`${path}?role=support`, { as: admin, method: "PATCH", headers: JSON_TYPE, body: "{}" })],
		[400, request("/api/admin/users/1", { as: admin })],
		[400, request("/api/admin/users/%00", { as: admin })],
		[404, request(`/api/admin/users/${crypto.randomUUID()}`, { as: admin })],
		[404, request("/api/admin/nothing/here", { as: admin })],
		[404, request("/api/nothing/here")],
		[400, request("/api/admin/users?unknown=1", { as: admin })],
		[400, request("/api/admin/users?q=a&q=b", { as: admin })],
		[400, request("/api/admin/users?cursor=nonsense", { as: admin })],
		[400, request("/api/admin/sessions?ip=1.2.3.4.5", { as: admin })],
		[400, request("/api/admin/sessions?q=%00", { as: admin })],
		[400, request("/api/admin/audit?from=2026-13-01", { as: admin })],
		[400, request(`/api/admin/sessions/x`, { as: admin, method: "DELETE" })],
	];
	for (const [index, [status, answer]] of bad.entries()) {
		const { headers, status: received, url } = await answer;
		expect(received, `${index}: ${url}`).toBe(status);
		expect(headers.get("content-type"), `${index}: ${url}`).toContain("application/problem+json");
	}
	expect(await rowOf(alice.user)).toEqual(before);
	expect(await liveSessionsOf(alice.user)).toEqual([alice.sessionId]);
});

test("the description names every endpoint that there is", async () => {
	const description = await (await request("/api/openapi.json")).json();
	expect(description.openapi).toMatch(/^3\.1\./);
	const described = Object.entries<Record<string, unknown>>(description.paths).flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, "[$1]")}`),
	);
	const own = Object.keys(handlers).filter((key) => key.includes(" /api/") && !key.endsWith("/api/openapi.json"));
	expect(described.sort()).toEqual(expect.arrayContaining(own.sort()));
});
