import { and, desc, eq } from "drizzle-orm";
import { decodeJwt, SignJWT } from "jose";
import { Client } from "pg";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { connections, db } from "@/db/client";
import { auditEvents, endedSessions, sessions, users } from "@/db/schema";
import { withoutDatabase } from "@/db/testing/outage";
import { signInApp } from "@/lib/accounts/sign-in";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { changeRole } from "@/lib/admin/roles";
import { environment } from "@/lib/environment";
import type { Refusal } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Person } from "@/lib/session/lookup";
import { listOwnSessions } from "@/lib/session/own";
import { newToken } from "@/lib/session/token";
import { takeMails } from "@/lib/testing/mail";
import { createUser, sessionOf } from "@/lib/testing/people";
import { requestAs } from "@/lib/testing/request";
import { requireLiveToken } from "./bearer";
import { firstTokens, refresh, revokeToken } from "./refresh";

const password = "correct horse battery";
const device = "Alice’s phone";
const origin = { ip: "198.51.100.7", userAgent: "Kickoff/1.0 okhttp/4.12" };

let alice: Person;
beforeEach(async () => {
	alice = await createUser({ password });
});

const signIn = async () => firstTokens(await signInApp({ email: alice.email, password, device }, origin), origin);
const sessionsOf = ({ id }: Person) => db.select().from(sessions).where(eq(sessions.userId, id));
const endOf = async ({ id }: Person) => {
	const [ended] = await db
		.select()
		.from(endedSessions)
		.where(eq(endedSessions.userId, id))
		.orderBy(desc(endedSessions.endedAt));
	return ended;
};
/** What is said to whoever sends the token. */
const refusalTo = async (token: string) => {
	const error = await refresh(token, origin).catch((error) => error);
	expect(error).toMatchObject({ code: "invalid_grant", status: 400 });
	return error.message as string;
};
const strictly = async (accessToken: string) =>
	requireLiveToken(
		await requestAs(null, "/api/v1/me", { headers: { authorization: `Bearer ${accessToken}` } }),
		"product.use",
	);

const COPIED = "You were signed out because someone may have copied the sign-in of this app.";
const FORCED = "You were signed out by an administrator.";
const UNKNOWN = "The refresh token is not good. Sign in again.";

describe("an app that signs in", () => {
	test("gets an access token and a refresh token, of which only hashes are stored", async () => {
		const tokens = await signIn();
		expect(tokens).toMatchObject({ token_type: "Bearer", expires_in: 300 });
		expect(tokens.refresh_token).toMatch(/^refresh_[\w-]{43}\.[\w-]{43}$/);
		const [row] = await sessionsOf(alice);
		expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: alice.id, sid: row?.id, role: "user" });
		expect(row).toMatchObject({ appDevice: device, ip: origin.ip, authenticatedWith: "password" });
		expect((await strictly(tokens.access_token)).id).toBe(row?.id);
		const stored = JSON.stringify([row, await db.select().from(auditEvents)]);
		for (const [half] of tokens.refresh_token.matchAll(/[\w-]{43}(?=\.|$)/g)) expect(stored).not.toContain(half);
	});

	test("has a session like any other, which the person sees under the device's name", async () => {
		await signIn();
		const browser = await sessionOf(alice);
		expect(await listOwnSessions(browser)).toMatchObject([
			{ current: true, appDevice: null },
			{ current: false, appDevice: device },
		]);
		const [, row] = (await sessionsOf(alice)).toSorted((a) => (a.appDevice ? 1 : -1));
		const { SESSION_ABSOLUTE_SECONDS } = environment();
		expect(row && row.expiresAt.getTime() - row.createdAt.getTime()).toBe(SESSION_ABSOLUTE_SECONDS * 1000);
	});

	test("is refused like the form: wrong, unknown, unverified and suspended in the same words", async () => {
		const [unverified, suspended] = [await createUser({ password }), await createUser({ password })];
		await db.update(users).set({ emailVerifiedAt: null }).where(eq(users.id, unverified.id));
		await db.update(users).set({ suspendedAt: new Date() }).where(eq(users.id, suspended.id));
		const answers = await Promise.allSettled(
			[
				{ email: alice.email, password: "wrong" },
				{ email: "nobody@example.com", password },
				{ email: unverified.email, password },
				{ email: suspended.email, password },
			].map((given) => signInApp({ ...given, device }, { ...origin, ip: "198.51.100.8" })),
		);
		const reasons = answers.map((answer) => (answer as PromiseRejectedResult).reason as Refusal);
		expect(new Set(reasons.map(({ code, message }) => `${code} ${message}`))).toEqual(
			new Set(["invalid That e-mail and password do not match an active account."]),
		);
		for (const person of [alice, unverified, suspended]) expect(await sessionsOf(person)).toEqual([]);
	});

	test("shares the throttle with the form", async () => {
		const from = { ...origin, ip: "198.51.100.9" };
		const wrong = () => signInApp({ email: alice.email, password: "wrong", device }, from);
		const answers = await Promise.allSettled(Array.from({ length: 12 }, wrong));
		const codes = answers.map((answer) => (answer as PromiseRejectedResult).reason.code);
		expect(codes.filter((code) => code === "too-many-attempts")).toHaveLength(2);
	});

	test("from a new device is told of by mail, under that device's name", async () => {
		await signIn();
		await takeMails();
		await signIn();
		expect(await takeMails()).toEqual([]);
		await signInApp({ email: alice.email, password, device: "A stranger’s phone" }, origin);
		expect(await takeMails()).toMatchObject([{ kind: "new-device", place: { device: "A stranger’s phone" } }]);
	});
});

describe("refreshing", () => {
	test("gives new tokens of the same session, with the role of this moment", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const first = await signIn();
		await changeRole(owner, alice.id, "support");
		const second = await refresh(first.refresh_token, origin);
		const third = await refresh(second.refresh_token, origin);
		expect(new Set([first, second, third].map((tokens) => tokens.refresh_token)).size).toBe(3);
		const [row] = await sessionsOf(alice);
		expect(decodeJwt(third.access_token)).toMatchObject({ sid: row?.id, role: "support" });
	});

	test("does not move the absolute limit, and counts as activity", async () => {
		const { refresh_token } = await signIn();
		const [before] = await sessionsOf(alice);
		await db.update(sessions).set({ lastSeenAt: new Date(Date.now() - 3_600_000) });
		await refresh(refresh_token, origin);
		await expect
			.poll(async () => (await sessionsOf(alice))[0]?.lastSeenAt.getTime())
			.toBeGreaterThan(Date.now() - 60_000);
		expect((await sessionsOf(alice))[0]?.expiresAt).toEqual(before?.expiresAt);
	});

	test("with a token that was used before ends the session, whichever of them it was", async () => {
		const first = await signIn();
		const second = await refresh(first.refresh_token, origin);
		const third = await refresh(second.refresh_token, origin);
		await takeMails();
		const thief = { ip: "203.0.113.66", userAgent: "curl/8" };
		await expect(refresh(first.refresh_token, thief)).rejects.toMatchObject({ code: "invalid_grant", message: COPIED });

		expect(await endOf(alice)).toMatchObject({ endReason: "token_reused", endedById: null, appDevice: device });
		await expect(strictly(third.access_token)).rejects.toMatchObject({ code: "session-ended" });
		for (const { refresh_token } of [third, second, first]) expect(await refusalTo(refresh_token)).toBe(COPIED);
		const events = await db
			.select()
			.from(auditEvents)
			.where(and(eq(auditEvents.targetId, alice.id), eq(auditEvents.action, "session.token_reused")));
		expect(events).toMatchObject([{ ip: thief.ip, userAgent: thief.userAgent, detail: { app: device } }]);
		expect(await takeMails()).toMatchObject([{ kind: "token-reused", to: { email: alice.email }, device }]);
	});

	test("twice at once with the same token ends the session: one of the two may be a thief", async () => {
		const { refresh_token } = await signIn();
		const answers = await Promise.allSettled([refresh(refresh_token, origin), refresh(refresh_token, origin)]);
		expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		expect(await sessionsOf(alice)).toEqual([]);
		expect(await endOf(alice)).toMatchObject({ endReason: "token_reused" });
		const [won] = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
		expect(await refusalTo(won?.refresh_token ?? "")).toBe(COPIED);
	});

	test("eight times at once ends it once", async () => {
		const { refresh_token } = await signIn();
		const answers = await Promise.allSettled(Array.from({ length: 8 }, () => refresh(refresh_token, origin)));
		expect(answers.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
		expect(
			await db.$count(
				auditEvents,
				and(eq(auditEvents.targetId, alice.id), eq(auditEvents.action, "session.token_reused")),
			),
		).toBe(1);
		expect(await sessionsOf(alice)).toEqual([]);
	});

	test("leaves the person's other sessions alone when one ends as copied", async () => {
		const [copied, other] = [await signIn(), await signIn()];
		await refresh(copied.refresh_token, origin);
		expect(await refusalTo(copied.refresh_token)).toBe(COPIED);
		await expect(refresh(other.refresh_token, origin)).resolves.toBeTruthy();
	});

	test("is refused at once after a forced logout, says why, and leaves the receipt", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const { refresh_token, access_token } = await signIn();
		await forceLogoutEverywhere(owner, alice.id);
		expect(await refusalTo(refresh_token)).toBe(FORCED);
		await expect(strictly(access_token)).rejects.toMatchObject({ code: "session-ended" });
		expect(await endOf(alice)).toMatchObject({ firstRefusedPath: "/api/oauth/token" });
	});

	test("leaves one audit event for each session that is refused, however often it asks", async () => {
		const { refresh_token } = await signIn();
		await revokeToken(refresh_token, origin);
		for (let time = 0; time < 3; time++) await refusalTo(refresh_token);
		const refused = and(eq(auditEvents.targetId, alice.id), eq(auditEvents.action, "session.refresh_refused"));
		expect(await db.select().from(auditEvents).where(refused)).toMatchObject([
			{ actorLabel: "visitor", ip: origin.ip, sessionId: (await endOf(alice))?.id },
		]);
	});

	test.each(["expiresAt", "lastSeenAt"] as const)("is refused beyond the limit of %s", async (limit) => {
		const { refresh_token } = await signIn();
		await db
			.update(sessions)
			.set({ [limit]: new Date(Date.now() - 40 * 86_400_000) })
			.where(eq(sessions.userId, alice.id));
		expect(await refusalTo(refresh_token)).toMatch(/^You were signed out (because your session reached|after 7 days)/);
	});

	test("is refused to somebody suspended behind the app's back", async () => {
		const { refresh_token } = await signIn();
		await db.update(users).set({ suspendedAt: new Date() }).where(eq(users.id, alice.id));
		expect(await refusalTo(refresh_token)).toBe(UNKNOWN);
	});

	test("loses nothing when the answer cannot be given: the old token stays good", async () => {
		const { refresh_token } = await signIn();
		const broken = vi.spyOn(SignJWT.prototype, "sign").mockRejectedValueOnce(new Error("no key to sign with"));
		await expect(refresh(refresh_token, origin)).rejects.toThrow("no key to sign with");
		broken.mockRestore();
		await withoutDatabase(async () => {
			await expect(refresh(refresh_token, origin)).rejects.toMatchObject({ code: "unavailable" });
		});
		await vi.waitFor(() => refresh(refresh_token, origin));
	});

	test.each([
		["nothing", ""],
		["a prefix alone", "refresh_"],
		["halves that are too short", "refresh_a.b"],
		["one that we never made", `refresh_${"a".repeat(43)}.${"b".repeat(43)}`],
		["a NUL", "\0"],
		["very much", "x".repeat(16_000)],
	])("takes no garbage: %s", async (_, token) => {
		const warned = vi.spyOn(log, "warn");
		expect(await refusalTo(token)).toBe(UNKNOWN);
		expect(JSON.stringify(warned.mock.calls)).not.toContain("aaa");
		warned.mockRestore();
	});
});

test("one that somebody makes up costs a look at what we have, and nothing else", async () => {
	const madeUp = () => `refresh_${newToken()}.${newToken()}`;
	await refusalTo(madeUp());
	const sent = vi.spyOn(Client.prototype, "query");
	const [asked, connected] = [vi.spyOn(connections, "query"), vi.spyOn(connections, "connect")];
	await refusalTo(madeUp());
	await revokeToken(madeUp(), origin);
	const statements = sent.mock.calls.length;
	// The pool itself connects for each statement, so what is left over are transactions.
	const transactions = connected.mock.calls.length - asked.mock.calls.length;
	vi.restoreAllMocks();
	expect({ statements, transactions }).toEqual({ statements: 4, transactions: 0 });
});

describe("an app that signs out", () => {
	test("ends its session, and no token of it is good any more", async () => {
		const first = await signIn();
		const { refresh_token } = await refresh(first.refresh_token, origin);
		await revokeToken(refresh_token, origin);
		expect(await endOf(alice)).toMatchObject({ endReason: "signed_out", endedById: alice.id });
		for (const token of [refresh_token, first.refresh_token])
			expect(await refusalTo(token)).toBe("You were signed out.");
		await revokeToken(refresh_token, origin);
	});

	test("with an earlier token of it, ends it too, as copied", async () => {
		const { refresh_token } = await signIn();
		await refresh(refresh_token, origin);
		await revokeToken(refresh_token, origin);
		expect(await endOf(alice)).toMatchObject({ endReason: "token_reused" });
	});

	test("cannot take an access token back by itself", async () => {
		const { access_token } = await signIn();
		await expect(revokeToken(access_token, origin)).rejects.toMatchObject({ code: "unsupported_token_type" });
		expect(await sessionsOf(alice)).toHaveLength(1);
		await revokeToken("not a token", origin);
	});
});
