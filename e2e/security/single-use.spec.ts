/**
 * What is good once, used twice at the same moment, once on each instance: one use takes effect, the other is refused.
 * (OWASP ASVS 5.0, V15.4.2; V6.4.3 for links, V10.4.5 for refresh tokens, V10.1.2 for visits.) A round costs a core up
 * to a tenth of a second, so all that is good once shares three hundred rounds. A proof, which is good once with each cookie,
 * has as many in races.spec.ts.
 */
import { and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { db } from "@/db/client";
import { auditEvents, endedSessions, links, serviceClients, sessions, users } from "@/db/schema";
import type { AuditAction } from "@/lib/audit/actions";
import { beginVisit } from "@/lib/identities/visit";
import { type LinkPurpose, pageOf } from "@/lib/links/purposes";
import { ASSERTION_TYPE, tokenEndpointUrl } from "@/lib/services/authenticate";
import type { Person } from "@/lib/session/lookup";
import { newToken } from "@/lib/session/token";
import { refreshWith, sendForm } from "../apps";
import { expect, test } from "../fixtures";
import { makeLinks } from "../links";
import { createPeople, forgetAttempts, PASSWORD, startAppSessionOf, startSessionsOf } from "../people";
import { provider } from "../provider";
import { request } from "../request";
import { actionId } from "./built";
import { expectSame } from "./expect-same";
import { play } from "./rounds";
import { sendAction } from "./send-action";

test.describe.configure({ timeout: 240_000 });

const LINK_ROUNDS = 36;
const ROUNDS = 40;

interface Use {
	/** Behind the button of the link's page. */
	action: string;
	fields?: Record<string, string>;
	/** Whether the link is about another address than the person's, which becomes theirs. */
	moves?: boolean;
	/** What one use leaves of a person with a password, one session and one link. */
	leaves: { event: AuditAction; links: LinkPurpose[]; sessions: number; password: boolean };
}

const uses: Record<LinkPurpose, Use> = {
	email_verification: {
		action: "verifyEmailAction",
		fields: { password: PASSWORD },
		leaves: { event: "email.verified", links: [], sessions: 2, password: true },
	},
	password_reset: {
		action: "resetPasswordAction",
		fields: { newPassword: "a quite different sentence" },
		leaves: { event: "password.reset", links: [], sessions: 0, password: true },
	},
	email_change: {
		action: "confirmEmailChangeAction",
		moves: true,
		leaves: { event: "email.changed", links: ["email_change_undo"], sessions: 1, password: true },
	},
	email_change_undo: {
		action: "undoEmailChangeAction",
		moves: true,
		leaves: { event: "email.change_undone", links: ["password_reset"], sessions: 0, password: false },
	},
	sign_in_disowning: {
		action: "disownSignInAction",
		leaves: { event: "session.disowned", links: ["password_reset"], sessions: 0, password: false },
	},
};

for (const [purpose, { action, fields = {}, moves, leaves }] of Object.entries(uses)) {
	const page = pageOf[purpose as LinkPurpose];
	test(`of two uses of a link to ${page} at once, one takes effect (${LINK_ROUNDS} rounds)`, async () => {
		const people = await createPeople(LINK_ROUNDS, { password: PASSWORD });
		const about = (await startSessionsOf(people)).map(({ user, sessionId }) => {
			const email = moves ? `moved-${user.email}` : user.email;
			return { userId: user.id, sessionId, email };
		});
		const tokens = await makeLinks(purpose as LinkPurpose, about);
		if (purpose === "email_verification") await unverify(people);
		const id = actionId(action);
		await play(
			async ({ number, here, there }) => {
				const opened = await request(`/link${page}/${tokens[number]}`, { on: here });
				const cookie = opened.headers.getSetCookie()[0]?.split(";")[0] ?? "";
				const use = (on: string) => sendAction(id, fields, { as: { cookie }, path: page, on });
				const answers = await Promise.all([use(here), use(there)]);
				const said = answers.map(({ headers, code }) => (headers.has("x-action-redirect") ? "done" : code)).sort();
				expectSame(said, ["done", "not-found"], `round ${number}`);
			},
			{ rounds: LINK_ROUNDS },
		);
		const { event, ...left } = leaves;
		for (const [number, found] of (await whatIsLeftOf(people, event)).entries()) {
			const wanted = { email: about[number]?.email, verified: true, events: 1, ...left };
			expectSame(found, wanted, `round ${number}`);
		}
	});
}

/** Lets them have signed up a moment ago. */
async function unverify(people: Person[]): Promise<void> {
	await db
		.update(users)
		.set({ emailVerifiedAt: null })
		.where(inArray(users.id, idsOf(people)));
}

/** Of each of them, in this order. */
async function whatIsLeftOf(people: Person[], event: AuditAction) {
	const rows = await db
		.select({
			id: users.id,
			email: users.email,
			verified: isNotNull(users.emailVerifiedAt),
			password: isNotNull(users.passwordHash),
			events: db.$count(auditEvents, and(eq(auditEvents.targetId, users.id), eq(auditEvents.action, event))),
			sessions: db.$count(sessions, eq(sessions.userId, users.id)),
			links: sql<string[]>`array(select ${links.purpose}::text from ${links} where ${eq(links.userId, users.id)})`,
		})
		.from(users)
		.where(inArray(users.id, idsOf(people)));
	const found = new Map(rows.map(({ id, ...row }) => [id, row]));
	return people.map(({ id }) => found.get(id));
}

const idsOf = (people: Person[]) => people.map(({ id }) => id);

test(`of two uses of a refresh token at once, one gets tokens, and the session is over as copied (${ROUNDS} rounds)`, async () => {
	const people = await createPeople(ROUNDS);
	const theirs: string[] = [];
	await play(
		async ({ number, here, there }) => {
			const { refreshToken, sessionId } = await startAppSessionOf(people[number] as Person);
			theirs.push(sessionId);
			const answers = await Promise.all([refreshWith(refreshToken, here), refreshWith(refreshToken, there)]);
			const said = answers.map(({ status, error }) => `${status} ${error}`).sort();
			expectSame(said, ["200 undefined", "400 invalid_grant"], `round ${number}`);
		},
		{ rounds: ROUNDS },
	);
	const copied = and(inArray(endedSessions.id, theirs), eq(endedSessions.endReason, "token_reused"));
	expect(await db.$count(endedSessions, copied)).toBe(ROUNDS);
	const recorded = and(inArray(auditEvents.sessionId, theirs), eq(auditEvents.action, "session.token_reused"));
	expect(await db.$count(auditEvents, recorded)).toBe(ROUNDS);
});

test(`of two uses of a service's assertion at once, one gets a token (${ROUNDS} rounds)`, async () => {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const publicKeys = { keys: [await exportJWK(publicKey)] };
	const [client] = await db
		.insert(serviceClients)
		.values({ name: `twins ${crypto.randomUUID()}`, publicKeys, scopes: ["read"], audiences: ["https://a.example"] })
		.returning({ id: serviceClients.id });
	const id = client?.id ?? "";
	await forgetAttempts("service-address");
	await play(
		async ({ number, here, there }) => {
			const client_assertion = await new SignJWT({ jti: crypto.randomUUID() })
				.setProtectedHeader({ alg: "ES256" })
				.setIssuer(id)
				.setSubject(id)
				.setAudience(tokenEndpointUrl())
				.setExpirationTime("1m")
				.sign(privateKey);
			const form = { grant_type: "client_credentials", client_assertion_type: ASSERTION_TYPE, client_assertion };
			const ask = (on: string) => sendForm("/api/oauth/token", form, on);
			const answers = await Promise.all([ask(here), ask(there)]);
			const said = answers.map(({ status, error }) => `${status} ${error}`).sort();
			expectSame(said, ["200 undefined", "401 invalid_client"], `round ${number}`);
		},
		{ rounds: ROUNDS },
	);
	await forgetAttempts("service-address");
	const refused = and(eq(auditEvents.action, "service.refused"), sql`${auditEvents.detail}->>'client' = ${id}`);
	expect(await db.$count(auditEvents, refused)).toBe(ROUNDS);
});

test(`of two answers of a provider to a visit at once, one is read (${ROUNDS} rounds)`, async () => {
	const { id, issuer } = provider();
	const mark = `visitor-${crypto.randomUUID()}`;
	await play(
		async ({ number, here, there }) => {
			const origin = { ip: `198.51.100.${number}`, userAgent: null };
			const browser = newToken();
			const visit = { errand: "sign_in", session: null, next: "/", browser, origin } as const;
			const state = (await beginVisit(provider(), visit)).searchParams.get("state") ?? "";
			// That they would rather not say costs the provider nothing, and ends the visit as any answer does.
			const answer = new URLSearchParams({ error: "access_denied", state, iss: issuer });
			const bring = (on: string) =>
				request(`/sign-in/callback/${id}?${answer}`, {
					as: { cookie: `__Host-provider-visit=${browser}` },
					headers: { "User-Agent": mark },
					on,
				});
			const answers = await Promise.all([bring(here), bring(there)]);
			const said = answers.map(({ headers }) => headers.get("location")).sort();
			expectSame(said, ["/sign-in?refused=declined&next=%2F", "/sign-in?refused=stale"], `round ${number}`);
		},
		{ rounds: ROUNDS },
	);
	const read = and(eq(auditEvents.action, "identity.refused"), eq(auditEvents.userAgent, mark));
	expect(await db.$count(auditEvents, read)).toBe(ROUNDS);
});
