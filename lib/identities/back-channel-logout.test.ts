/** The eight cases of the OpenID Foundation's conformance suite for relying parties come first. */
import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { connections, db } from "@/db/client";
import { auditEvents, endedSessions, identities, sessions, throttles, usedAssertions } from "@/db/schema";
import { connectionsWait } from "@/db/testing/locks";
import { log } from "@/lib/log";
import { grantToken } from "@/lib/services/grant";
import { sweep } from "@/lib/session/sweep";
import { type HostileProvider, type Signing, startHostileProvider } from "@/lib/testing/hostile-provider";
import { createUser, sessionOf, type TestSession } from "@/lib/testing/people";
import { newVisitor } from "@/lib/testing/provider-visit";
import { call, requestAs } from "@/lib/testing/request";
import { receiveLogoutToken } from "./back-channel-endpoint";

const EVENT = "http://schemas.openid.net/event/backchannel-logout";
const FORM = { "content-type": "application/x-www-form-urlencoded", origin: "https://id.example.com" };
let provider: HostileProvider;
let away: HostileProvider;

beforeAll(async () => {
	provider = await startHostileProvider();
	away = await startHostileProvider("away");
	process.env.OIDC_PROVIDERS = JSON.stringify([provider.settings, away.settings]);
});
afterAll(() => Promise.all([provider.stop(), away.stop()]));
beforeEach(() => db.delete(throttles));

/** A session that was begun at the provider, in a session there. */
async function federated(subject: string, sid: string | null): Promise<TestSession> {
	const session = await sessionOf(await createUser());
	const values = { userId: session.user.id, issuer: provider.settings.issuer, subject, provider: provider.settings.id };
	await db.insert(identities).values(values);
	await another(subject, sid, session);
	return session;
}

/** Lets a session be one of the identity's. */
async function another(subject: string, sid: string | null, session: TestSession): Promise<void> {
	const [identity] = await db.select().from(identities).where(eq(identities.subject, subject));
	await db.update(sessions).set({ identityId: identity?.id, providerSid: sid }).where(eq(sessions.id, session.id));
}

async function send(body: string, headers: Record<string, string> = FORM, id = "hostile") {
	const request = requestAs(null, `/api/oidc/${id}/backchannel-logout`, { method: "POST", body, headers });
	const response = await call(receiveLogoutToken, request, { provider: id });
	return { status: response.status, cacheControl: response.headers.get("cache-control"), text: await response.text() };
}

const tokenFor = (about: Record<string, unknown>, signing: Signing = {}) =>
	provider.sign(
		{ jti: crypto.randomUUID(), events: { [EVENT]: {} }, ...about },
		{ ...signing, header: { typ: "logout+jwt", ...signing.header } },
	);
const sendToken = async (about: Record<string, unknown>, signing?: Signing) =>
	send(new URLSearchParams({ logout_token: await tokenFor(about, signing) }).toString());

const isLive = async ({ id }: TestSession) => (await db.$count(sessions, eq(sessions.id, id))) === 1;
const done = { status: 200, cacheControl: "no-store", text: "" };

let count = 0;
const names = () => ({ sub: `subject-${++count}`, sid: `sid-${count}` });

describe("a logout token", () => {
	test("ends the sessions that were begun in that session of the provider, and tells why", async () => {
		const { sub, sid } = names();
		const session = await federated(sub, sid);
		const elsewhere = await sessionOf(session.user);
		await another(sub, "another-sid", elsewhere);
		expect(await sendToken({ sub, sid })).toEqual(done);
		expect([await isLive(session), await isLive(elsewhere)]).toEqual([false, true]);
		const [ended] = await db.select().from(endedSessions).where(eq(endedSessions.id, session.id));
		expect(ended).toMatchObject({ endReason: "signed_out_at_provider", endedById: null });
		const events = await db.select().from(auditEvents).where(eq(auditEvents.action, "session.ended_by_provider"));
		expect(events.at(-1)).toMatchObject({
			actorLabel: "system",
			targetId: session.user.id,
			detail: { provider: "hostile", count: 1 },
		});
	});

	const unsigned: Record<string, Signing> = {
		"that nobody signed (alg none)": { by: "nobody" },
		"signed with another algorithm (HS256, by the client's secret)": { by: "secret" },
		"signed with the public key as a secret": { by: "public key" },
		"signed by another key under the name of the right one": { by: "stranger" },
	};
	const signed: Record<string, Signing | (() => Signing)> = {
		"without an event": { claims: { events: undefined } },
		"with another event": { claims: { events: { "http://schemas.openid.net/event/other": {} } } },
		"with a nonce, which is an ID token": { claims: { nonce: "n" } },
		"for another audience": { claims: { aud: "somebody-else" } },
		"by another issuer": { claims: { iss: "https://accounts.example.com" } },

		"of another type": { header: { typ: "at+jwt" } },
		"of no type": { header: { typ: undefined } },
		"whose event is no object": { claims: { events: { [EVENT]: "x" } } },
		"about nobody": { claims: { sub: undefined, sid: undefined } },
		"about a number": { claims: { sub: 1, sid: 2 } },
		"about somebody with a NUL in the name": { claims: { sub: "a\u0000", sid: "b\u0000" } },
		"that can be told from no other": { claims: { jti: undefined } },
		"that has expired": () => ({ claims: { exp: Math.floor(Date.now() / 1000) - 60 } }),
		"that never expires": { claims: { exp: undefined } },
		"that was kept back for an hour": () => ({ claims: { iat: Math.floor(Date.now() / 1000) - 3_600 } }),
		"from the future": () => ({ claims: { iat: Math.floor(Date.now() / 1000) + 3_600 } }),
		"of no time": { claims: { iat: undefined } },
	};

	/** Sends one that is not good, and gives how many refusals were put on record for that. */
	async function sendBad(signing: Signing): Promise<number> {
		const { sub, sid } = names();
		const session = await federated(sub, sid);
		const onRecord = and(
			eq(auditEvents.action, "logout_token.refused"),
			sql`${auditEvents.detail}->>'provider' = 'hostile'`,
		);
		const before = await db.$count(auditEvents, onRecord);
		const answer = await sendToken({ sub, sid }, signing);
		expect(answer).toMatchObject({ status: 400, cacheControl: "no-store" });
		expect(JSON.parse(answer.text)).toMatchObject({ error: "invalid_request" });
		expect(await isLive(session)).toBe(true);
		return (await db.$count(auditEvents, onRecord)) - before;
	}

	test.each(Object.entries(signed))("%s ends nothing, and is on record", async (_name, signing) => {
		expect(await sendBad(typeof signing === "function" ? signing() : signing)).toBe(1);
	});

	test.each(Object.entries(unsigned))(
		"%s ends nothing, and is logged alone: anyone can make it up",
		async (_name, signing) => {
			const warned = vi.spyOn(log, "warn");
			expect(await sendBad(signing)).toBe(0);
			expect(warned.mock.calls).toContainEqual([
				{ refused: "logout-token", ip: null, provider: "hostile" },
				"a request was refused",
			]);
			warned.mockRestore();
		},
	);

	test("about a person ends all sessions begun with that identity, and no other of theirs", async () => {
		const { sub, sid } = names();
		const session = await federated(sub, sid);
		const [elsewhere, byPassword] = [await sessionOf(session.user), await sessionOf(session.user)];
		await another(sub, "another-sid", elsewhere);
		expect(await sendToken({ sub })).toEqual(done);
		expect(await Promise.all([session, elsewhere, byPassword].map(isLive))).toEqual([false, false, true]);
	});

	test("about a session alone ends that one, whoever's it is", async () => {
		const { sub, sid } = names();
		const session = await federated(sub, sid);
		expect(await sendToken({ sid })).toEqual(done);
		expect(await isLive(session)).toBe(false);
	});

	test("about a person's session there ends those too whose answer did not say which session that was", async () => {
		const { sub, sid } = names();
		const session = await federated(sub, null);
		expect(await sendToken({ sid })).toEqual(done);
		expect(await isLive(session), "nobody knows of whom it is").toBe(true);
		expect(await sendToken({ sub, sid })).toEqual(done);
		expect(await isLive(session)).toBe(false);
	});

	test("about somebody who is not here is taken all the same, and ends nothing", async () => {
		expect(await sendToken({ sub: "nobody" })).toEqual(done);
	});

	test("is good once, also when it comes twice at the same moment", async () => {
		const { sub, sid } = names();
		const session = await federated(sub, sid);
		const body = new URLSearchParams({ logout_token: await tokenFor({ sub, sid }) }).toString();
		const answers = await Promise.all([send(body), send(body)]);
		expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
		await federated(`${sub}-again`, sid);
		expect((await send(body)).status).toBe(400);
		expect(await isLive(session)).toBe(false);
	});

	test("is good again when what it is about could not be done", async () => {
		const { sub, sid } = names();
		const session = await federated(sub, sid);
		const body = new URLSearchParams({ logout_token: await tokenFor({ sub, sid }) }).toString();
		await db.execute(sql`
			alter table ended_sessions add constraint broken check (end_reason <> 'signed_out_at_provider') not valid
		`);
		expect(await send(body)).toMatchObject({ status: 500 });
		await db.execute(sql`alter table ended_sessions drop constraint broken`);
		expect(await isLive(session)).toBe(true);
		expect(await send(body)).toEqual(done);
		expect(await isLive(session)).toBe(false);
	});

	test("is good again when the provider's keys could not be had", async () => {
		const header = { typ: "logout+jwt" };
		const token = await away.sign({ sub: "x", jti: "x", events: { [EVENT]: {} } }, { header });
		const body = new URLSearchParams({ logout_token: token }).toString();
		for (const how of ["hangs up", "fails"] as const) {
			away.trouble = { "/jwks": how };
			expect(await send(body, FORM, "away"), how).toMatchObject({ status: 503 });
		}
		away.trouble = {};
		expect(await send(body, FORM, "away")).toEqual(done);
	});

	test("is remembered for as long as it could be used, however long it says that it lives", async () => {
		const { sub, sid } = names();
		const session = await federated(sub, sid);
		await db.delete(usedAssertions);
		expect(await sendToken({ sub, sid }, { claims: { exp: 1e15 } })).toEqual(done);
		expect(await isLive(session)).toBe(false);
		const remembered = await db.select().from(usedAssertions);
		for (const { expiresAt } of remembered) expect(expiresAt.getTime()).toBeLessThan(Date.now() + 3_600_000);
		await sweep();
		expect(await db.$count(usedAssertions)).toBe(remembered.length);
		await db.update(usedAssertions).set({ expiresAt: new Date(Date.now() - 120_000) });
		await sweep();
		expect(await db.$count(usedAssertions)).toBe(0);
	});

	test("that names an unknown key, a hundred times over, makes us ask the provider for its keys twice at most", async () => {
		provider.asked = {};
		for (let time = 0; time < 30; time++) await sendToken({ sub: "x" }, { header: { kid: `unknown-${time}` } });
		expect(provider.asked["/jwks"] ?? 0).toBeLessThanOrEqual(2);
	});
});

/** Somebody who was sent there and comes back as the provider says; with a session, to prove who they are. */
async function comingBack({ sub, sid }: ReturnType<typeof names>, session?: TestSession) {
	const visitor = newVisitor();
	const sent = (await visitor.begin("hostile", session ? "proof" : "sign_in", session)).searchParams;
	const answer = new URL(sent.get("redirect_uri") ?? "");
	answer.search = new URLSearchParams({
		code: "a code",
		state: sent.get("state") ?? "",
		iss: provider.settings.issuer,
	}).toString();
	const person = { email: `${sub}@example.com`, email_verified: true, auth_time: Math.floor(Date.now() / 1000) };
	provider.claims = { sub, sid, nonce: sent.get("nonce"), ...person };
	return () => visitor.bringBack(answer, { as: session });
}

describe("a sign-in that is on its way when the person signs out there", () => {
	describe.each(["the first", "a later"])("and is %s with that identity", (which) => {
		test.each([
			["the person", ({ sub }: ReturnType<typeof names>) => ({ sub })],
			["the session there", ({ sid }: ReturnType<typeof names>) => ({ sid })],
			["both", (both: ReturnType<typeof names>) => both],
		])("comes too late after a token about %s; the next one does not", async (_name, about) => {
			const whose = names();
			if (which === "a later") await (await comingBack(whose))();
			const comeBack = await comingBack(whose);
			expect(await sendToken(about(whose))).toEqual(done);
			expect(await comeBack()).toMatchObject({ refused: "stale", session: null });
			expect((await (await comingBack(whose))()).session).not.toBeNull();
		});
	});

	test.each([
		["the person", ({ sub }: ReturnType<typeof names>) => ({ sub })],
		["the session there", ({ sid }: ReturnType<typeof names>) => ({ sid })],
	])("makes a token about %s wait when it has begun its session, which then ends", async (_name, about) => {
		const both = names();
		const comeBack = await comingBack(both);
		const blocker = await connections.connect();
		await blocker.query("begin; lock table audit_events in share mode");
		const arriving = comeBack();
		await connectionsWait();
		const sent = sendToken(about(both));
		await connectionsWait(2);
		await blocker.query("commit");
		blocker.release();
		const { session } = await arriving;
		expect(await sent).toEqual(done);
		expect(session === null || !(await isLive(session))).toBe(true);
		const [row] = await db.select().from(identities).where(eq(identities.subject, both.sub));
		expect(row, "the sign-in was first").toBeDefined();
		expect(await db.$count(sessions, eq(sessions.identityId, row?.id ?? ""))).toBe(0);
	});
});

describe("a session that proves again who it is at the provider", () => {
	async function begun() {
		const { sub, sid } = names();
		const { session } = await (await comingBack({ sub, sid }))();
		if (!session) throw new Error("nobody was signed in");
		return { sub, session, newSid: `${sid}-new` };
	}

	test("ends with the session there that it was asked in", async () => {
		const { sub, session, newSid } = await begun();
		expect(await (await comingBack({ sub, sid: newSid }, session))()).toMatchObject({ refused: null });
		expect(await sendToken({ sid: newSid })).toEqual(done);
		expect(await isLive(session)).toBe(false);
	});

	test("is not proven by one that is over there already", async () => {
		const { sub, session, newSid } = await begun();
		const comeBack = await comingBack({ sub, sid: newSid }, session);
		expect(await sendToken({ sid: newSid })).toEqual(done);
		expect(await comeBack()).toMatchObject({ refused: "stale", session: null });
	});
});

describe("the endpoint", () => {
	test.each([
		["JSON", JSON.stringify({ logout_token: "x" }), { "content-type": "application/json" }],
		["a form without a token", "a=b", FORM],
		["two tokens", "logout_token=a&logout_token=b", FORM],
		["no token at all", "logout_token=not-a-token", FORM],
		["nothing", "", FORM],
	])("refuses %s", async (_name, body, headers) => {
		expect(await send(body, headers)).toMatchObject({ status: 400, cacheControl: "no-store" });
	});

	test("refuses a provider that is not in the configuration", async () => {
		expect(await send("logout_token=x", FORM, "unknown")).toMatchObject({ status: 400 });
	});

	test("puts nothing on record that anyone can send", async () => {
		const before = await db.$count(auditEvents);
		await send("logout_token=x", FORM, "unknown");
		await send("logout_token=x");
		await send("a=b");
		expect(await db.$count(auditEvents)).toBe(before);
	});

	test("holds no more than it must, and answers a network that fails often no longer, but for a token that is good", async () => {
		expect(await send(`logout_token=${"x".repeat(100_000)}`)).toMatchObject({ status: 413 });
		for (let time = 0; time < 100; time++) await send("logout_token=x");
		expect(await send("logout_token=x")).toMatchObject({ status: 429 });
		const { sub, sid } = names();
		const session = await federated(sub, sid);
		expect(await sendToken({ sub, sid })).toEqual(done);
		expect(await isLive(session)).toBe(false);
	});

	test("leaves services of that network alone", async () => {
		for (let time = 0; time < 101; time++) await send("logout_token=x");
		const form = new URLSearchParams({ grant_type: "client_credentials" }).toString();
		const request = requestAs(null, "/api/oauth/token", { method: "POST", body: form, headers: FORM });
		expect((await call(grantToken, request, {})).status).toBe(401);
	});
});
