/**
 * Races between two instances, three hundred rounds each, and fifty of those whose acts another race has in the same
 * locks. Afterwards the database must be in a state that some order of each round's acts would have left, and what the
 * browsers were given must agree with it. (OWASP ASVS 5.0, V7.4.1, V7.4.2 and V15.4.2.) Those that need the database to
 * themselves are in owners.spec.ts, and those of what is good once in single-use.spec.ts.
 */
import { and, inArray, isNotNull, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { auditEvents, endedSessions, sessions, users } from "@/db/schema";
import { sessionCookieName } from "@/lib/session/cookie";
import type { Person } from "@/lib/session/lookup";
import { expect, test } from "../fixtures";
import {
	createPeople,
	createPerson,
	forgetAttempts,
	PASSWORD,
	type SignedIn,
	startSessionOf,
	startSessionsOf,
} from "../people";
import { request } from "../request";
import { actionId } from "./built";
import { expectSame } from "./expect-same";
import { Meeting, play, ROUNDS, type Round } from "./rounds";
import { sendAction } from "./send-action";

test.describe.configure({ timeout: 240_000 });

const JSON_TYPE = { "Content-Type": "application/json" };
const SUSPEND = { status: "suspended", reason: "Under investigation" };

test("a sign-in and a suspension at the same moment leave no session, and no cookie that works", async () => {
	const signIn = actionId("signInAction");
	const owner = await startSessionOf(await createPerson({ role: "owner" }));
	const people = await createPeople(ROUNDS, { password: PASSWORD });
	const meeting = new Meeting();
	let signedIn = 0;
	await play(async ({ number, here, there }) => {
		const person = people[number] as Person;
		// Next asks for the page that it leads to, too: this one costs little.
		const fields = { email: person.email, password: PASSWORD, next: "/api/session" };
		const [answer, suspended] = await meeting.of(
			() => sendAction(signIn, fields, { as: null, path: "/sign-in", on: here }),
			() => change(owner, person, SUSPEND, there),
		);
		expectSame(suspended.status, 200, `round ${number}`);
		const cookie = cookieIn(answer.headers);
		if (!cookie) return;
		signedIn++;
		expectSame(await statusOf(cookie, there), 401, `round ${number}`);
	});
	expect(await db.$count(sessions, inArray(sessions.userId, idsOf(people)))).toBe(0);
	expect(signedIn, "some signed in before they were suspended").toBeGreaterThan(0);
	expect(signedIn, "and some came too late").toBeLessThan(ROUNDS);
});

const NEVER = "never began";
const LATER = "began afterwards";

interface Scene {
	owner: SignedIn;
	admin: SignedIn;
	target: Person;
}

interface End {
	act(scene: Scene, on: string): Promise<Response>;
	rounds?: number;
	/** What becomes of an impersonation that the act does not end. */
	otherwise?: typeof NEVER | typeof LATER;
}

/** What may happen to either side of an impersonation in the moment in which it begins. */
const ends: Record<string, End> = {
	"the person's suspension": { act: ({ owner, target }, on) => change(owner, target, SUSPEND, on), rounds: ROUNDS },
	"the person's promotion": { act: ({ owner, target }, on) => change(owner, target, { role: "admin" }, on) },
	"the admin's suspension": { act: ({ owner, admin }, on) => change(owner, admin.user, SUSPEND, on) },
	"the admin's demotion": { act: ({ owner, admin }, on) => change(owner, admin.user, { role: "support" }, on) },
	"the admin's sign-out": { act: ({ admin }, on) => request("/sign-out", { as: admin, method: "POST", on }) },
	"a forced logout of the person": {
		act: ({ owner, target }, on) =>
			request(`/api/admin/users/${target.id}/sessions`, { as: owner, method: "DELETE", on }),
		otherwise: LATER,
	},
};

/** Of the acts that are no suspension of the person: they meet the impersonation in the same locks. */
const FEWER_ROUNDS = 50;

for (const [what, { act, rounds = FEWER_ROUNDS, otherwise = NEVER }] of Object.entries(ends)) {
	test(`an impersonation that begins in the moment of ${what} is over, or ${otherwise}`, async () => {
		const owner = await startSessionOf(await createPerson({ role: "owner" }));
		const admins = await startSessionsOf(await createPeople(rounds, { role: "admin" }));
		const targets = await createPeople(rounds);
		const meeting = new Meeting();
		async function round({ number, here, there }: Round) {
			const [admin, target] = [admins[number] as SignedIn, targets[number] as Person];
			const [begun, ended] = await meeting.of(
				() => impersonate(admin, target, here),
				() => act({ owner, admin, target }, there),
			);
			expectSame(ended.status < 400, true, `round ${number}: ${ended.status}`);
			const missed = (await ended.text()) === JSON.stringify({ ended: 0 });
			const cookie = cookieIn(begun.headers);
			if (cookie) expectSame(await statusOf(cookie, there), missed ? 200 : 401, `round ${number}`);
		}
		await play(round, { rounds });
		const [over, live] = await Promise.all(
			[endedSessions, sessions].map((table) =>
				db.$count(table, and(inArray(table.userId, idsOf(targets)), isNotNull(table.impersonatorId))),
			),
		);
		expect(over, "some began before").toBeGreaterThan(0);
		expect(over, "and others came too late").toBeLessThan(rounds);
		expect(live).toBe(otherwise === LATER ? rounds - Number(over) : 0);
	});
}

test("of two proofs with one cookie, one is taken: its cookie is good, and the old one opens nothing", async () => {
	const all = await startSessionsOf(await createPeople(ROUNDS, { password: PASSWORD }));
	await play(async ({ number, here, there }) => {
		const session = all[number] as SignedIn;
		const body = JSON.stringify({ password: PASSWORD });
		const prove = (on: string) =>
			request("/api/session/proof", { as: session, method: "POST", headers: JSON_TYPE, body, on });
		const answers = await Promise.all([prove(here), prove(there)]);
		const where = `round ${number}`;
		const statuses = answers.map(({ status }) => status).sort();
		expectSame(statuses, [204, 401], where);
		const cookies = answers.flatMap(({ headers }) => cookieIn(headers) ?? []);
		expectSame(await Promise.all([session.cookie, ...cookies].map((one) => statusOf(one, there))), [401, 200], where);
	});
	const theirs = all.map(({ sessionId }) => sessionId);
	const { action, sessionId } = auditEvents;
	const recorded = await db.select({ action, sessionId }).from(auditEvents).where(inArray(sessionId, theirs));
	expect(new Set(recorded.map((event) => event.action))).toEqual(new Set(["session.proven"]));
	expect(recorded.map((event) => event.sessionId).sort()).toEqual(theirs.sort());
});

test("two sign-ups with one address make one account, however it is written", async () => {
	const id = actionId("signUpAction");
	const signUp = (email: string, on: string) =>
		sendAction(id, { name: "Twin", email, password: PASSWORD }, { as: null, path: "/sign-up", on });
	const addresses = Array.from({ length: ROUNDS }, () => `twin-${crypto.randomUUID().slice(0, 8)}@example.com`);
	await play(async ({ number, here, there }) => {
		const address = addresses[number] as string;
		if (number % 25 === 0) await forgetAttempts("sign-up-address");
		const answers = await Promise.all([signUp(address, here), signUp(address.toUpperCase(), there)]);
		for (const { headers, text } of answers) {
			expectSame(headers.has("x-action-redirect"), true, text.slice(0, 200));
			expectSame(cookieIn(headers), null, address);
		}
	});
	const written = sql`lower(${users.email})`;
	const made = await db.select({ email: users.email }).from(users).where(inArray(written, addresses));
	expect(made.map(({ email }) => email).sort()).toEqual(addresses.sort());
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

const idsOf = (people: Person[]) => people.map(({ id }) => id);

/** How a cookie is answered. */
const statusOf = async (cookie: string, on: string) => (await request("/api/session", { as: { cookie }, on })).status;

/** The value of a Cookie header that follows from what was set; null if no session was. */
function cookieIn(headers: Headers): string | null {
	const pair = headers
		.getSetCookie()
		.map((cookie) => cookie.split(";")[0] ?? "")
		.find((cookie) => cookie.startsWith(`${sessionCookieName()}=`));
	return pair && !pair.endsWith("=") ? pair : null;
}
