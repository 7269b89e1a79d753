/**
 * Impersonation as somebody would try it who wants more than it gives, over HTTP and on every instance: with `proxy.ts`,
 * on the second one, and without `proxy.ts`. How it looks is in e2e/impersonation.spec.ts. What an impersonator may not do is
 * generated from the permission matrix: pages and handlers in authorization.spec.ts, server actions in e2e/abilities.spec.ts.
 */
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { environment } from "@/lib/environment";
import { instead, recordAction, replay } from "../actions";
import { expect, test } from "../fixtures";
import { createPerson, PASSWORD, type SignedIn, startImpersonation, startSessionOf, suspend } from "../people";
import { endOf, liveSessionsOf } from "../records";
import { appUrl, appWithoutProxyUrl, request, secondAppUrl } from "../request";

const everywhere = () => [appUrl(), secondAppUrl(), appWithoutProxyUrl()];
const JSON_TYPE = { "Content-Type": "application/json" };

const send = (method: string, path: string, as: Pick<SignedIn, "cookie">, body?: unknown, on = appUrl()) =>
	request(path, {
		as,
		on,
		method,
		headers: body ? JSON_TYPE : undefined,
		body: body ? JSON.stringify(body) : undefined,
	});
const attempt = (as: SignedIn, id: string, on: string) =>
	send("POST", `/api/admin/users/${id}/impersonation`, as, { reason: "To try" }, on);
const impersonationsBy = ({ user }: SignedIn) => db.$count(sessions, eq(sessions.impersonatorId, user.id));
const signedIn = async (role: "user" | "support" | "admin" | "owner") => startSessionOf(await createPerson({ role }));

/** Whom an admin and an owner may not impersonate, and what they are told. */
const forbidden: [whom: string, status: number, id: (actor: SignedIn) => Promise<string> | string][] = [
	["themselves", 403, ({ user }) => user.id],
	["an equal", 403, async ({ user }) => (await createPerson({ role: user.role })).id],
	["someone above them, or an equal owner", 403, async () => (await createPerson({ role: "owner" })).id],
	[
		"a suspended person",
		403,
		async () => {
			const person = await createPerson();
			await suspend(person);
			return person.id;
		},
	],
	[
		"a person who was off-boarded",
		403,
		async () => {
			const { id } = await createPerson();
			const owner = await signedIn("owner");
			await send("POST", `/api/admin/users/${id}/offboarding`, owner, { reason: "Left" });
			return id;
		},
	],
	["nobody", 404, () => crypto.randomUUID()],
	["what is no id", 400, () => "me"],
];

for (const role of ["admin", "owner"] as const) {
	for (const [whom, status, id] of forbidden) {
		test(`no impersonation by an ${role} begins of ${whom}`, async () => {
			const actor = await signedIn(role);
			const target = await id(actor);
			for (const on of everywhere()) {
				const answer = await attempt(actor, target, on);
				expect(answer.status, on).toBe(status);
				expect(answer.headers.getSetCookie(), on).toEqual([]);
			}
			expect(await impersonationsBy(actor)).toBe(0);
		});
	}
}

test("nobody impersonates from within an impersonation, whoever is impersonated", async () => {
	const owner = await signedIn("owner");
	for (const role of ["user", "support", "admin"] as const) {
		const impersonation = await startImpersonation(await createPerson({ role }), owner);
		const target = await createPerson();
		for (const on of everywhere()) expect((await attempt(impersonation, target.id, on)).status, on).toBe(403);
		expect(await liveSessionsOf(target)).toEqual([]);
	}
});

interface Scene {
	owner: SignedIn;
	/** The session of the admin from which the impersonation began, and another one of theirs. */
	admin: SignedIn;
	adminElsewhere: SignedIn;
	impersonation: SignedIn;
	/** A session of the impersonated person. */
	alice: SignedIn;
}

const onPerson = (method: string, more: string, body: unknown, who: (scene: Scene) => SignedIn) => (scene: Scene) =>
	send(method, `/api/admin/users/${who(scene).user.id}${more}`, scene.owner, body);
const admin = (scene: Scene) => scene.admin;
const alice = (scene: Scene) => scene.alice;
const limit = (values: () => Record<string, unknown>) => (scene: Scene) =>
	db.update(sessions).set(values()).where(eq(sessions.id, scene.admin.sessionId));
const idle = () => sql`now() - make_interval(secs => ${environment().SESSION_IDLE_SECONDS + 1})`;
const SUSPENDED = { status: "suspended", reason: "Under investigation" };
const passwords = { currentPassword: PASSWORD, newPassword: "a quite different sentence" };

/** Everything that ends an impersonation from outside of it, and the reason under which it is filed. */
const ways: [what: string, reason: string, act: (scene: Scene) => PromiseLike<unknown>][] = [
	["the admin signs out", "impersonator_gone", ({ admin }) => send("POST", "/sign-out", admin)],
	["whoever sits there signs out", "signed_out", ({ impersonation }) => send("POST", "/sign-out", impersonation)],
	[
		"the admin changes their password elsewhere",
		"impersonator_gone",
		({ adminElsewhere }) => send("POST", "/api/session/password", adminElsewhere, passwords),
	],
	[
		"the admin's session is forced out",
		"impersonator_gone",
		({ owner, admin }) => send("DELETE", `/api/admin/sessions/${admin.sessionId}`, owner),
	],
	["the admin is forced out everywhere", "impersonator_gone", onPerson("DELETE", "/sessions", undefined, admin)],
	["the admin is suspended", "impersonator_gone", onPerson("PATCH", "", SUSPENDED, admin)],
	["the admin is off-boarded", "offboarded", onPerson("POST", "/offboarding", { reason: "Left" }, admin)],
	["the admin becomes support", "impersonator_gone", onPerson("PATCH", "", { role: "support" }, admin)],
	["the admin's session was not used for too long", "impersonator_gone", limit(() => ({ lastSeenAt: idle() }))],
	["the admin's session reaches its time limit", "impersonator_gone", limit(() => ({ expiresAt: sql`now()` }))],
	["the person becomes an admin", "impersonator_gone", onPerson("PATCH", "", { role: "admin" }, alice)],
	["the person is suspended", "suspended", onPerson("PATCH", "", SUSPENDED, alice)],
	["the person is off-boarded", "offboarded", onPerson("POST", "/offboarding", { reason: "Left" }, alice)],
	["the person is forced out everywhere", "forced", onPerson("DELETE", "/sessions", undefined, alice)],
	[
		"the person changes their password",
		"password_changed",
		({ alice }) => send("POST", "/api/session/password", alice, passwords),
	],
	[
		"the impersonation is forced out by itself",
		"forced",
		({ owner, impersonation }) => send("DELETE", `/api/admin/sessions/${impersonation.sessionId}`, owner),
	],
];

for (const [what, reason, act] of ways) {
	test(`an impersonation is over on every instance as soon as ${what}`, async () => {
		const { impersonation, ...scene } = await makeScene();
		expect((await request("/api/session", { as: impersonation, on: secondAppUrl() })).status).toBe(200);
		const answer = await act({ impersonation, ...scene });
		if (answer instanceof Response) expect(answer.status).toBeLessThan(400);
		for (const on of everywhere()) {
			expect((await request("/api/session", { as: impersonation, on })).status, on).toBe(401);
		}
		expect(await endOf(impersonation.sessionId)).toMatchObject({ reason });
	});
}

test("an impersonation is over when its browser signs in anew, and so is the admin's own session", async ({
	browserFor,
}) => {
	const page = await browserFor(null);
	await page.goto("/sign-in");
	const signIn = await recordAction(page, async () => {
		await page.getByLabel("Email").fill("somebody-to-replace@example.com");
		await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
		await page.getByRole("button", { name: "Sign in", exact: true }).click();
	});
	const { impersonation, admin, alice } = await makeScene();
	await replay(instead(signIn, "somebody-to-replace@example.com", alice.user.email), { as: impersonation });
	for (const over of [impersonation, admin]) {
		for (const on of everywhere()) expect((await request("/api/session", { as: over, on })).status, on).toBe(401);
		expect(await endOf(over.sessionId)).toMatchObject({ reason: "replaced" });
	}
});

test("an impersonation is over as soon as the person ends it in the list of their own devices", async ({
	browserFor,
}) => {
	const { impersonation, admin, alice } = await makeScene();
	const page = await browserFor(alice);
	await page.goto("/settings/security");
	const row = page.getByRole("listitem").filter({ hasText: `Impersonated by ${admin.user.name}` });
	await expect(row).toContainText("To see what they see");
	await row.getByRole("button", { name: /^Sign out / }).click();
	await expect(row).toHaveCount(0);
	for (const on of everywhere()) expect((await request("/api/session", { as: impersonation, on })).status).toBe(401);
	expect(await endOf(impersonation.sessionId)).toMatchObject({
		reason: "signed_out_elsewhere",
		endedById: alice.user.id,
	});
	expect(await liveSessionsOf(admin.user)).toContain(admin.sessionId);
});

test("half an hour of use does not move the hour", async () => {
	const { impersonation } = await makeScene();
	const limitOf = async () => {
		const [row] = await db.select().from(sessions).where(eq(sessions.id, impersonation.sessionId));
		return row?.expiresAt;
	};
	const halfAnHourAgo = sql`now() - interval '30 minutes'`;
	const past = { createdAt: halfAnHourAgo, lastSeenAt: halfAnHourAgo, expiresAt: sql`now() + interval '30 minutes'` };
	await db.update(sessions).set(past).where(eq(sessions.id, impersonation.sessionId));
	const before = await limitOf();
	for (const on of everywhere()) expect((await request("/dashboard", { as: impersonation, on })).status).toBe(200);
	expect(await limitOf()).toEqual(before);
});

async function makeScene(): Promise<Scene> {
	const admin = await startSessionOf(await createPerson({ role: "admin", password: PASSWORD }));
	const alice = await startSessionOf(await createPerson({ password: PASSWORD }));
	return {
		owner: await signedIn("owner"),
		admin,
		adminElsewhere: await startSessionOf(admin.user),
		impersonation: await startImpersonation(alice.user, admin),
		alice,
	};
}
