/**
 * Races between two instances, three hundred rounds each. After every round the database must be in a state that some
 * order of the acts would have left, and what the browsers were given must agree with it. (OWASP ASVS 5.0, V7.4.1,
 * V7.4.2 and V15.4.2.) Those that need the database to themselves are in owners.spec.ts.
 */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { auditEvents, sessions } from "@/db/schema";
import { type Role, roles } from "@/lib/permissions/matrix";
import { sessionCookieName } from "@/lib/session/cookie";
import { instead, recordForm, replay } from "../actions";
import { expect, test } from "../fixtures";
import { createPeople, createPerson, forgetAttempts, PASSWORD, type SignedIn, startSessionOf } from "../people";
import { accountsWith, liveSessionsOf, rowOf } from "../records";
import { request } from "../request";
import { expectSame } from "./expect-same";
import { Meeting, play, ROUNDS } from "./rounds";

test.describe.configure({ timeout: 240_000 });

const JSON_TYPE = { "Content-Type": "application/json" };
const EMAIL = "somebody-to-replace@example.com";
const SUSPEND = { status: "suspended", reason: "Under investigation" };

test("a sign-in and a suspension at the same moment leave no session, and no cookie that works", async ({
	browserFor,
}) => {
	const signIn = await recordForm(await browserFor(null), "/sign-in", "Sign in", EMAIL);
	const owner = await startSessionOf(await createPerson({ role: "owner" }));
	const people = await createPeople(ROUNDS, { password: PASSWORD });
	const meeting = new Meeting();
	let signedIn = 0;
	await play(async ({ number, here, there }) => {
		const person = people[number] as (typeof people)[number];
		const [answer, suspended] = await meeting.of(
			() => replay(instead(signIn, EMAIL, person.email), { as: null, on: here }),
			() => change(owner, person, SUSPEND, there),
		);
		expectSame(suspended.status, 200, `round ${number}`);
		expectSame(await liveSessionsOf(person), [], `round ${number}`);
		const cookie = cookieIn(answer.cookies);
		if (!cookie) return;
		signedIn++;
		expectSame(await statusOf(cookie, there), 401, `round ${number}`);
	});
	expect(signedIn, "some signed in before they were suspended").toBeGreaterThan(0);
	expect(signedIn, "and some came too late").toBeLessThan(ROUNDS);
});

/** What may happen to either side of an impersonation, by an owner, in the moment in which it begins. */
const ends: [what: string, act: (owner: SignedIn, scene: Scene, on: string) => Promise<unknown>][] = [
	["the person's suspension", (owner, { target }, on) => change(owner, target, SUSPEND, on)],
	["the person's promotion", (owner, { target }, on) => change(owner, target, { role: "owner" }, on)],
	["the admin's suspension", (owner, { admin }, on) => change(owner, admin.user, SUSPEND, on)],
	["the admin's demotion", (owner, { admin }, on) => change(owner, admin.user, { role: "support" }, on)],
	["the admin's sign-out", (_owner, { admin }, on) => request("/sign-out", { as: admin, method: "POST", on })],
	[
		"a forced logout of the person",
		(owner, { target }, on) =>
			request(`/api/admin/users/${target.id}/sessions`, { as: owner, method: "DELETE", on }).then((answer) =>
				expectSame(answer.status, 200, "the forced logout"),
			),
	],
];

interface Scene {
	admin: SignedIn;
	target: SignedIn["user"];
}

test("an impersonation that begins in the moment of a suspension, a promotion or a demotion is over or never began", async () => {
	const owner = await startSessionOf(await createPerson({ role: "owner" }));
	const [admins, targets] = [await createPeople(ROUNDS, { role: "admin" }), await createPeople(ROUNDS)];
	const met = new Map<string, Set<string>>();
	await play(async ({ number, here, there }) => {
		const [what, end] = ends[number % ends.length] as (typeof ends)[number];
		const target = targets[number] as (typeof targets)[number];
		const admin = await startSessionOf(admins[number] as (typeof admins)[number]);
		const [answer] = await Promise.all([impersonate(admin, target, here), end(owner, { admin, target }, there)]);
		const where = `round ${number}, ${what}`;
		await expectSoundImpersonation(target, where, what === "a forced logout of the person");
		const cookie = cookieIn(answer.headers.getSetCookie());
		met.set(what, (met.get(what) ?? new Set()).add(cookie ? "begun" : "refused"));
		if (cookie && what !== "a forced logout of the person") expectSame(await statusOf(cookie, there), 401, where);
	});
	for (const [what] of ends)
		expect(met.get(what)?.size, `${what} came before some and after others`).toBeGreaterThan(0);
});

/** No impersonation of a suspended person or of one of a rank that the admin does not exceed, nor by one who may not. */
async function expectSoundImpersonation({ id }: { id: string }, where: string, mayLive: boolean): Promise<void> {
	const columns = { by: sessions.impersonatorId, of: sessions.userId };
	const live = (await db.select(columns).from(sessions).where(eq(sessions.userId, id))).filter(({ by }) => by !== null);
	if (!mayLive) expectSame(live, [], where);
	for (const { by, of } of live) {
		const [admin, target] = [await rowOf({ id: by as string }), await rowOf({ id: of })];
		expectSame([admin.suspendedAt, target.suspendedAt], [null, null], where);
		expect(rank(admin.role), where).toBeGreaterThan(rank(target.role));
		expect(rank(admin.role), where).toBeGreaterThanOrEqual(rank("admin"));
	}
}

const rank = (role: Role) => roles.indexOf(role);

test("of two proofs with one cookie, one is taken: its cookie is good, and the old one opens nothing", async () => {
	const people = await createPeople(ROUNDS, { password: PASSWORD });
	await play(async ({ number, here, there }) => {
		const session = await startSessionOf(people[number] as (typeof people)[number]);
		const body = JSON.stringify({ password: PASSWORD });
		const prove = (on: string) =>
			request("/api/session/proof", { as: session, method: "POST", headers: JSON_TYPE, body, on });
		const answers = await Promise.all([prove(here), prove(there)]);
		const where = `round ${number}`;
		const statuses = answers.map(({ status }) => status).sort();
		expectSame(statuses, [204, 401], where);
		const cookies = answers.flatMap((answer) => cookieIn(answer.headers.getSetCookie()) ?? []);
		expectSame(await Promise.all([session.cookie, ...cookies].map((one) => statusOf(one, there))), [401, 200], where);
		const recorded = await db.select().from(auditEvents).where(eq(auditEvents.sessionId, session.sessionId));
		expectSame(
			recorded.map(({ action }) => action),
			["session.proven"],
			where,
		);
	});
});

test("two sign-ups with one address make one account, however it is written", async ({ browserFor }) => {
	const signUp = await recordForm(await browserFor(null), "/sign-up", "Create account", EMAIL);
	await play(async ({ here, there }) => {
		const name = `twin-${crypto.randomUUID().slice(0, 8)}`;
		const address = `${name}@example.com`;
		await forgetAttempts("sign-up-address");
		const answers = await Promise.all([
			replay(instead(signUp, EMAIL, address), { as: null, on: here }),
			replay(instead(signUp, EMAIL, address.toUpperCase()), { as: null, on: there }),
		]);
		expectSame(await accountsWith([address, address.toUpperCase()]), 1, address);
		for (const { status, text } of answers) expectSame([200, 303].includes(status), true, text.slice(0, 200));
		const signedIn = answers.flatMap(({ cookies }) => cookieIn(cookies) ?? []).length;
		expectSame(signedIn <= 1, true, `${signedIn} sessions of ${address}`);
	});
});

function impersonate(admin: SignedIn, target: { id: string }, on: string): Promise<Response> {
	const body = JSON.stringify({ reason: "To see what they see" });
	return request(`/api/admin/users/${target.id}/impersonation`, {
		as: admin,
		method: "POST",
		headers: JSON_TYPE,
		body,
		on,
	});
}

function change(owner: SignedIn, target: { id: string }, to: unknown, on: string): Promise<Response> {
	const body = JSON.stringify(to);
	return request(`/api/admin/users/${target.id}`, { as: owner, method: "PATCH", headers: JSON_TYPE, body, on });
}

/** How a cookie is answered. */
const statusOf = async (cookie: string, on: string) => (await request("/api/session", { as: { cookie }, on })).status;

/** The value of a Cookie header that follows from what was set; null if no session was. */
function cookieIn(set: string[]): string | null {
	const pair = set
		.map((cookie) => cookie.split(";")[0] ?? "")
		.find((cookie) => cookie.startsWith(`${sessionCookieName()}=`));
	return pair && !pair.endsWith("=") ? pair : null;
}
