import { and, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, endedSessions, identities, identityProviders, sessions, users } from "@/db/schema";
import { connectionsWait } from "@/db/testing/locks";
import { environment } from "@/lib/environment";
import { addedProvider, typedFor } from "@/lib/testing/console-provider";
import { type HostileProvider, startHostileProvider } from "@/lib/testing/hostile-provider";
import { createUser, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { newVisitor } from "@/lib/testing/provider-visit";
import { call, requestAs } from "@/lib/testing/request";
import type { IdentityProvider } from "@/scripts/identity-provider";
import { addProvider } from "./add-provider";
import { receiveLogoutToken } from "./back-channel-endpoint";
import { changeProvider } from "./change-provider";
import { changedProviderSchema } from "./console-fields";
import { listIdentities, waysToProve } from "./link";
import { listProviders } from "./list-providers";
import { findProvider } from "./providers";
import { deleteProvider, turnOffProvider, turnOnProvider } from "./switch-provider";

let provider: IdentityProvider;
let id: string;
let owner: TestSession;

beforeAll(async () => {
	process.env.OIDC_PROVIDERS = "[]";
	owner = await sessionOf(await createUser({ role: "owner" }));
	provider = await addedProvider(owner);
	id = provider.settings.id;
});
afterAll(() => provider.stop());
beforeEach(() => db.update(identityProviders).set({ disabledAt: null }));

let count = 0;
const newAddress = () => `switched-${++count}@example.com`;
const isLive = async (session: { id: string } | null) =>
	(await db.$count(sessions, eq(sessions.id, session?.id ?? ""))) === 1;
const endOf = async (session: { id: string } | null) => {
	const { endReason, endedById } = endedSessions;
	const [end] = await db
		.select({ endReason, endedById })
		.from(endedSessions)
		.where(eq(endedSessions.id, session?.id ?? ""));
	return end;
};
const listed = async () => (await listProviders()).find((one) => one.id === id);
const lastEvent = async (action: string) => {
	const [event] = await db
		.select()
		.from(auditEvents)
		.where(eq(auditEvents.action, action))
		.orderBy(sql`id desc`)
		.limit(1);
	return event;
};

describe("turning a provider off", () => {
	test("holds at once: it is offered no more, proves nothing, and brings in not even those who are there already", async () => {
		const email = newAddress();
		const visitor = newVisitor();
		const { session } = await visitor.signIn(id, { email });
		const there = await visitor.walk(await visitor.begin(id), { email });
		await turnOffProvider(owner, id, false);
		expect(await findProvider(id)).toBeUndefined();
		await expect(visitor.begin(id)).rejects.toMatchObject({ code: "not-found" });
		expect(await visitor.bringBack(there)).toMatchObject({ refused: "stale", session: null });
		const user = session?.user as { id: string };
		expect(await waysToProve(user.id)).toEqual({ password: false, providers: [] });
		expect(await listIdentities(user.id)).toMatchObject([{ providerId: null }]);
		expect(await isLive(session), "nobody asked for that").toBe(true);
		await turnOnProvider(owner, id);
		expect((await newVisitor().signIn(id, { email })).session?.user.id).toBe(user.id);
	});

	test("with sign-out ends the sessions that were begun with it in the same act, and no others", async () => {
		const [email, password] = [newAddress(), await sessionOf(await createUser())];
		const { session } = await newVisitor().signIn(id, { email });
		const also = await sessionOf(session?.user as { id: string });
		const { session: own } = await newVisitor().signIn(id, { email: owner.user.email, name: "Olivia" });
		const ended = await turnOffProvider(own as TestSession, id, true);
		expect(ended).toBeGreaterThanOrEqual(1);
		expect(await endOf(session)).toEqual({ endReason: "forced", endedById: owner.user.id });
		expect(await isLive(also), "begun with a password").toBe(true);
		expect(await isLive(password)).toBe(true);
		expect(await isLive(own), "the one that asks").toBe(true);
		const isTheirs = eq(auditEvents.targetId, session?.user.id ?? "");
		const forced = and(eq(auditEvents.action, "session.forced_out"), isTheirs);
		expect(await db.select().from(auditEvents).where(forced)).toMatchObject([
			{ actorId: owner.user.id, detail: { provider: id, count: 1 } },
		]);
		expect(await lastEvent("provider.turned_off")).toMatchObject({ detail: { provider: id, count: ended } });
	});

	test("waits for a sign-in that is on its way, and ends its session too", async () => {
		const email = newAddress();
		const visitor = newVisitor();
		const answer = await visitor.walk(await visitor.begin(id), { email });
		const [arrived] = await Promise.all([visitor.bringBack(answer), turnOffProvider(owner, id, true)]);
		if (arrived.session) expect(await endOf(arrived.session)).toMatchObject({ endReason: "forced" });
		else expect(arrived.refused).toMatch(/^(turned-off|stale)$/);
		const theirs = db.select({ id: users.id }).from(users).where(eq(users.email, email));
		expect(await db.$count(sessions, sql`${sessions.userId} in ${theirs}`)).toBe(0);
	});

	test("that is on its way lets a sign-in wait, which is then refused and leaves nothing behind", async () => {
		const email = newAddress();
		const visitor = newVisitor();
		const answer = await visitor.walk(await visitor.begin(id), { email });
		const { promise: decided, resolve: decide } = Promise.withResolvers<void>();
		const { promise: held, resolve: hold } = Promise.withResolvers<void>();
		const off = db.transaction(async (tx) => {
			await tx.update(identityProviders).set({ disabledAt: new Date() }).where(eq(identityProviders.id, id));
			hold();
			await decided;
		});
		await held;
		const arriving = visitor.bringBack(answer);
		await connectionsWait();
		decide();
		expect(await arriving).toMatchObject({ refused: "turned-off", session: null });
		await off;
		expect(await db.$count(users, eq(users.email, email))).toBe(0);
	});

	test("keeps hearing who signed out there, for the sessions that go on", async () => {
		const hostile: HostileProvider = await startHostileProvider("heard");
		await addProvider(owner, typedFor(hostile.settings));
		const session = await sessionOf(await createUser());
		const values = { userId: session.user.id, issuer: hostile.settings.issuer, subject: "s", provider: "heard" };
		const [identity] = await db.insert(identities).values(values).returning({ id: identities.id });
		await db.update(sessions).set({ identityId: identity?.id }).where(eq(sessions.id, session.id));
		await turnOffProvider(owner, "heard", false);
		const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
		const token = await hostile.sign({ sub: "s", jti: "1", events }, { header: { typ: "logout+jwt" } });
		const request = requestAs(null, "/api/oidc/heard/backchannel-logout", {
			method: "POST",
			headers: { "content-type": "application/x-www-form-urlencoded" },
			body: new URLSearchParams({ logout_token: token }).toString(),
		});
		expect((await call(receiveLogoutToken, request, { provider: "heard" })).status).toBe(200);
		expect(await endOf(session)).toMatchObject({ endReason: "signed_out_at_provider" });
		await deleteProvider(owner, "heard");
		await hostile.stop();
	});
});

describe("what the console says of a provider", () => {
	test("counts the linked, those without another way in, and the sessions that began with it", async () => {
		const before = await listed();
		const { session } = await newVisitor().signIn(id, { email: newAddress() });
		const withPassword = await createUser({ email: newAddress() });
		await db.update(users).set({ passwordHash: "a hash" }).where(eq(users.id, withPassword.id));
		await newVisitor().signIn(id, { email: withPassword.email });
		const after = await listed();
		expect(after).toMatchObject({ from: "console", state: "on", lastUsedAt: expect.any(Date) });
		const grown = (figure: "people" | "onlyWay" | "sessions") => (after?.[figure] ?? 0) - (before?.[figure] ?? 0);
		expect([grown("people"), grown("onlyWay"), grown("sessions")]).toEqual([2, 1, 2]);
		const another = await addedProvider(owner);
		const values = { userId: session?.user.id ?? "", issuer: another.settings.issuer, subject: "s", provider: "x" };
		await db.insert(identities).values(values);
		expect((await listed())?.onlyWay, "there is another provider").toBe(before?.onlyWay);
		await turnOffProvider(owner, another.settings.id, false);
		expect((await listed())?.onlyWay, "which is turned off").toBe((before?.onlyWay ?? 0) + 1);
		await another.stop();
	});

	test("shows no secret, and says when one cannot be opened any more; then nobody is sent there", async () => {
		expect(JSON.stringify(await listProviders())).not.toMatch(/secret/i);
		const isIt = eq(identityProviders.id, id);
		const [row] = await db.select().from(identityProviders).where(isIt);
		await db.update(identityProviders).set({ sealedClientSecret: "sealed by another" }).where(isIt);
		expect(await listed()).toMatchObject({ state: "unreadable" });
		await expect(newVisitor().begin(id)).rejects.toMatchObject({ reason: "unreachable" });
		await db.update(identityProviders).set({ sealedClientSecret: row?.sealedClientSecret }).where(isIt);
		expect(await listed()).toMatchObject({ state: "on" });
	});
});

describe("changing a provider", () => {
	const typed = (given: object) =>
		changedProviderSchema.parse({
			id,
			name: "Added",
			clientId: provider.settings.clientId,
			clientSecret: "",
			...given,
		});

	test("holds from the next sign-in on, and keeps the secret that it has unless there is a new one", async () => {
		await changeProvider(owner, typed({ name: "Renamed" }));
		expect((await findProvider(id))?.name).toBe("Renamed");
		expect((await newVisitor().signIn(id, { email: newAddress() })).session).not.toBeNull();
		await changeProvider(owner, typed({ clientSecret: "not the one that the provider knows" }));
		expect((await newVisitor().signIn(id, { email: newAddress() })).refused).toBe("untrusted");
		await changeProvider(owner, typed({ clientSecret: provider.settings.clientSecret }));
		expect((await newVisitor().signIn(id, { email: newAddress() })).session).not.toBeNull();
		const event = await lastEvent("provider.changed");
		expect(event).toMatchObject({ detail: { provider: id, clientSecret: "changed", was: { name: "Added" } } });
		expect(JSON.stringify(event)).not.toContain(provider.settings.clientSecret);
	});

	test("is for owners alone, like turning it off and on, and deleting it", async () => {
		const acts = [
			(session: TestSession) => changeProvider(session, typed({ name: "Taken over" })),
			(session: TestSession) => turnOffProvider(session, id, true),
			(session: TestSession) => turnOnProvider(session, id),
			(session: TestSession) => deleteProvider(session, id),
		];
		const before = await db.select().from(identityProviders);
		for (const act of acts) {
			for (const role of ["user", "support", "admin"] as const) {
				const session = await sessionOf(await createUser({ role }));
				await expect(act(session), role).rejects.toMatchObject({ code: "forbidden" });
			}
			const stale = await sessionOf(owner.user);
			await letProofAge(stale);
			await expect(act(stale)).rejects.toMatchObject({ code: "proof-required" });
		}
		expect(await db.select().from(identityProviders)).toEqual(before);
	});
});

describe("deleting a provider", () => {
	test("is refused while it is turned on", async () => {
		await expect(deleteProvider(owner, id)).rejects.toMatchObject({ code: "conflict" });
		expect(await findProvider(id)).toBeTruthy();
	});

	test("ends what only it could still end, and keeps who is linked for when it is added again", async () => {
		const other = await addedProvider(owner);
		const email = newAddress();
		const { session } = await newVisitor().signIn(other.settings.id, { email });
		await turnOffProvider(owner, other.settings.id, false);
		expect(await isLive(session)).toBe(true);
		expect(await deleteProvider(owner, other.settings.id)).toBe(1);
		expect(await endOf(session)).toMatchObject({ endReason: "forced" });
		expect(await listIdentities(session?.user.id ?? "")).toMatchObject([{ provider: other.settings.issuer }]);
		expect(await addProvider(owner, typedFor(other.settings)), "linked from before").toBe(1);
		expect((await newVisitor().signIn(other.settings.id, { email })).session?.user.id).toBe(session?.user.id);
		await other.stop();
	});

	test("ends nothing, nor does turning it off, if the configuration has the issuer by now: its sessions are that one's", async () => {
		const other = await addedProvider(owner);
		const { session } = await newVisitor().signIn(other.settings.id, { email: newAddress() });
		environment().OIDC_PROVIDERS.push({ ...other.settings, id: "configured" });
		try {
			const [configured, overridden] = (await listProviders()).filter(({ issuer }) => issuer === other.settings.issuer);
			expect(configured).toMatchObject({ from: "configuration", people: 1, sessions: 1 });
			expect(overridden).toMatchObject({ state: "overridden", people: 0, onlyWay: 0, sessions: 0, lastUsedAt: null });
			expect(await turnOffProvider(owner, other.settings.id, true)).toBe(0);
			expect(await deleteProvider(owner, other.settings.id)).toBe(0);
			expect(await isLive(session)).toBe(true);
		} finally {
			environment().OIDC_PROVIDERS.pop();
			await other.stop();
		}
	});

	test("leaves no answer to another one that gets its id, also not of who was sent there at that moment", async () => {
		const [other, hostile] = [await addedProvider(owner), await startHostileProvider()];
		const { id } = other.settings;
		const visitor = newVisitor();
		const answer = await visitor.walk(await visitor.begin(id), { email: newAddress() });
		await db.delete(identityProviders).where(eq(identityProviders.id, id));
		await addProvider(owner, typedFor({ ...hostile.settings, id }));
		expect(await visitor.bringBack(answer)).toMatchObject({ refused: "stale", session: null });
		expect(hostile.asked["/token"], "the code is for the one who gave it").toBeUndefined();
		await Promise.all([other.stop(), hostile.stop()]);
	});
});
