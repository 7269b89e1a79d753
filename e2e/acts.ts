/**
 * Acts that begin and end sessions, each on a person of its own, and all that each changes in the database: for an instance
 * that is killed while it does them. What was done has changed all of that, and what was not has changed nothing.
 */
import { inArray, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { endedSessions, sessions } from "@/db/schema";
import type { LinkPurpose } from "@/lib/links/purposes";
import type { Person } from "@/lib/session/lookup";
import { linkFor } from "./links";
import { createPeople, PASSWORD, type SignedIn, startImpersonation, startSessionOf } from "./people";
import { request } from "./request";
import { actionId } from "./security/built";
import { sendAction } from "./security/send-action";

interface Scene {
	/** Somebody who is signed in, and whom an admin impersonates. */
	person: SignedIn;
	admin: SignedIn;
	/** The instance that is asked. */
	on: string;
}

interface Act {
	/** All that differs afterwards: what is gone, and what is new. */
	changes: string[];
	/** Makes it ready; gives what asks for it, and settles when all of the answer has come. */
	prepare(scene: Scene): Promise<Ask> | Ask;
}

type Ask = () => Promise<unknown>;

const acts: Record<string, Act> = {
	"a forced logout": {
		changes: [...allEnd("forced"), "+ event session.forced_out_everywhere"],
		prepare: ({ person, admin, on }) => asking(`DELETE ${theirs(person, "/sessions")}`, admin, on),
	},
	"a suspension": {
		changes: [...allEnd("suspended"), "+ suspended", "+ event user.suspended"],
		prepare: ({ person, admin, on }) =>
			asking(`PATCH ${theirs(person)}`, admin, on, { status: "suspended", reason: REASON }),
	},
	"an off-boarding": {
		changes: [...allEnd("offboarded"), "+ suspended", "+ event user.offboarded"],
		prepare: ({ person, admin, on }) => asking(`POST ${theirs(person, "/offboarding")}`, admin, on, { reason: REASON }),
	},
	"a change of role": {
		changes: [...impersonationEnds("impersonator_gone"), "- role", "+ role", "+ event user.role_changed"],
		prepare: ({ person, admin, on }) => asking(`PATCH ${theirs(person)}`, admin, on, { role: "support" }),
	},
	"another impersonation": {
		changes: [...impersonationEnds("replaced"), "+ impersonation", "+ event impersonation.started"],
		prepare: ({ person, admin, on }) =>
			asking(`POST ${theirs(person, "/impersonation")}`, admin, on, { reason: REASON }),
	},
	"a deletion of an account": {
		changes: [...allEnd("deleted"), "- role", "- address", "- password", "+ event account.deleted"],
		prepare: ({ person, on }) => asking("POST /api/account/deletion", person, on, { email: person.user.email }),
	},
	"a sign-out": {
		changes: ["- session", "+ ended signed_out", "+ event session.ended"],
		prepare: ({ person, on }) => asking("POST /sign-out", person, on),
	},
	"a sign-in": {
		changes: [
			...["- session", "+ ended replaced", "+ session", "+ event session.started"],
			...["+ link sign_in_disowning", "+ mail new-device"],
		],
		prepare({ person, on }) {
			const fields = { email: person.user.email, password: PASSWORD, next: "/dashboard" };
			return () => sendAction(actionId("signInAction"), fields, { as: person, on, path: "/sign-in" });
		},
	},
	"a reset of a password": {
		changes: [
			...[...allEnd("password_reset"), "- password", "+ password", "- link password_reset"],
			...["+ event password.reset", "+ mail password-changed"],
		],
		async prepare({ person, on }) {
			const as = await followLink(person, "password_reset", on);
			const fields = { newPassword: "a quite different sentence" };
			return () => sendAction(actionId("resetPasswordAction"), fields, { as, on, path: "/reset-password" });
		},
	},
	"a change of address": {
		changes: [
			...[...impersonationEnds("email_changed"), "- address", "+ address", "- link email_change"],
			...["+ link email_change_undo", "+ event email.changed", "+ mail email-changed"],
		],
		async prepare({ person, on }) {
			const as = await followLink(person, "email_change", on);
			return () => sendAction(actionId("confirmEmailChangeAction"), {}, { as, on, path: "/change-email" });
		},
	},
};

const REASON = "A test";

function allEnd(reason: string): string[] {
	return ["- session", `+ ended ${reason}`, ...impersonationEnds(reason)];
}

function impersonationEnds(reason: string): string[] {
	return ["- impersonation", `+ ended ${reason}`];
}

const theirs = ({ user }: SignedIn, rest = "") => `/api/admin/users/${user.id}${rest}`;

function asking(what: string, as: SignedIn, on: string, body?: unknown): Ask {
	const [method, path] = what.split(" ") as [string, string];
	const json = body ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {};
	return async () => (await request(path, { as, on, method, ...json })).text();
}

/** Opens the link of a mail; gives the cookie that keeps its token until it is used. */
async function followLink(person: SignedIn, purpose: LinkPurpose, on: string): Promise<{ cookie: string }> {
	const moved = purpose === "email_change" ? `moved-${person.user.email}` : undefined;
	const { pathname } = new URL(await linkFor(person, purpose, moved));
	const [cookie = ""] = (await request(pathname, { on })).headers.getSetCookie();
	return { cookie: cookie.split(";")[0] ?? "" };
}

/** An act that was asked for, and what came of it. */
export interface Outcome {
	act: string;
	/** Whether an answer came; otherwise the act cannot have been done. */
	answered: boolean;
	/** What it changes when it is done, and what has changed. */
	changes: string[];
	changed: string[];
	/** The cookie of the person, and whether its session is live. */
	cookie: string;
	live: boolean;
}

/** What came of all of them, and how many sessions are both live and ended. */
export interface Verdict {
	outcomes: Outcome[];
	inBothTables: number;
}

/** All acts, ready to begin. */
export interface Stage {
	/** Asks for all of them at once. */
	begin(): void;
	/** How many have no answer yet. */
	unanswered(): number;
	judge(): Promise<Verdict>;
}

/** Makes people for all acts. */
export async function prepareActs(on: string): Promise<Stage> {
	const count = Object.keys(acts).length;
	const [people, admins] = [
		await createPeople(count, { password: PASSWORD }),
		await createPeople(count, { role: "admin" }),
	];
	const prepared = await Promise.all(
		Object.entries(acts).map(async ([act, { prepare, changes }], index) => {
			const person = await startSessionOf(people[index] as Person);
			const admin = await startSessionOf(admins[index] as Person);
			const { sessionId } = await startImpersonation(person.user, admin);
			const ask = await prepare({ person, admin, on });
			const ids = [person.sessionId, sessionId];
			return { act, person, changes, ask, ids, before: await factsAbout(person.user, ids), answered: false };
		}),
	);
	return {
		begin() {
			for (const one of prepared) {
				one.ask().then(
					() => {
						one.answered = true;
					},
					() => {},
				);
			}
		},
		unanswered: () => prepared.filter(({ answered }) => !answered).length,
		async judge() {
			const outcomes = prepared.map(async ({ act, person, changes, ids, before, answered }) => {
				const after = await factsAbout(person.user, ids);
				const changed = [...difference("-", before, after), ...difference("+", after, before)].sort();
				const live = after.some(({ what, value }) => what === "session" && value === person.sessionId);
				return { act, answered, changes: changes.toSorted(), changed, cookie: person.cookie, live };
			});
			const inBothTables = await db.$count(
				sessions,
				inArray(sessions.id, db.select({ id: endedSessions.id }).from(endedSessions)),
			);
			return { outcomes: await Promise.all(outcomes), inBothTables };
		},
	};
}

interface Fact extends Record<string, unknown> {
	what: string;
	value: string;
}

function difference(sign: "-" | "+", facts: Fact[], others: Fact[]): string[] {
	const known = new Set(others.map(({ what, value }) => `${what} ${value}`));
	return facts.filter(({ what, value }) => !known.has(`${what} ${value}`)).map(({ what }) => `${sign} ${what}`);
}

/** All that an act could change, whichever table it is in. */
async function factsAbout({ id, email }: Person, sessionIds: string[]): Promise<Fact[]> {
	const { rows } = await db.execute<Fact>(sql`
		select 'role' as what, role::text as value from users where id = ${id}
		union all select 'address', email from users where id = ${id}
		union all select 'password', password_hash from users where id = ${id}
		union all select 'suspended', suspended_at::text from users where id = ${id} and suspended_at is not null
		union all select case when impersonator_id is null then 'session' else 'impersonation' end, id::text
			from sessions where user_id = ${id}
		union all select 'ended ' || end_reason, id::text from ended_sessions where ${inArray(endedSessions.id, sessionIds)}
		union all select 'event ' || action, id::text from audit_events where ${id} in (target_id, actor_id)
		union all select 'link ' || purpose, id::text from links where user_id = ${id}
		union all select 'mail ' || (data ->> 'kind'), id::text from pgboss.job where data -> 'to' ->> 'email' = ${email}
	`);
	return rows;
}
