import { desc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { freePort } from "@/db/embedded-server";
import { auditEvents, endedSessions, identities, providerVisits, sessions } from "@/db/schema";
import { deleteOwnAccount } from "@/lib/accounts/deletion";
import { disownSignIn } from "@/lib/accounts/new-device";
import { askForPasswordReset, resetPassword } from "@/lib/accounts/reset-password";
import { createLink } from "@/lib/links/links";
import { sendMail } from "@/lib/mail/send";
import { findSession } from "@/lib/session/lookup";
import { takeMails, tokenMailed } from "@/lib/testing/mail";
import { createUser, impersonationOf, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { newVisitor } from "@/lib/testing/provider-visit";
import { type IdentityProvider, startIdentityProvider } from "@/scripts/identity-provider";
import { leavingAddress, providerOf } from "./leave";
import { listIdentities, unlinkIdentity, waysToProve } from "./link";

let provider: IdentityProvider;

beforeAll(async () => {
	provider = await startIdentityProvider({ port: await freePort(), apps: ["http://localhost:3000"], people: [] });
	process.env.OIDC_PROVIDERS = JSON.stringify([provider.settings]);
});
afterAll(() => provider.stop());

let count = 0;
const newAddress = () => `elsewhere-${++count}@example.com`;
const password = "correct horse battery";

/** Somebody who signed in with an identity, and has no password. */
async function newcomer(email = newAddress()): Promise<TestSession> {
	const { session } = await newVisitor().signIn("demo", { email });
	if (!session) throw new Error("nobody was signed in");
	return session;
}

/** By a link that is mailed. */
async function reset({ user, origin }: TestSession): Promise<void> {
	await askForPasswordReset({ email: user.email }, origin);
	const token = await tokenMailed("reset-password", user.email);
	await resetPassword(token, { newPassword: "a quite different sentence" }, origin);
}

/** The id of the only identity that the person has. */
async function onlyIdentity({ user }: TestSession): Promise<string> {
	const [identity, ...others] = await listIdentities(user.id);
	expect(others).toEqual([]);
	return identity?.id ?? "";
}

describe("linking an identity", () => {
	test("adds a way to sign in, whatever its address, and the person hears of it by mail", async () => {
		const alice = await sessionOf(await createUser());
		const email = newAddress();
		expect(await newVisitor().link("demo", { email, verified: false }, alice)).toMatchObject({ refused: null });
		expect(await listIdentities(alice.user.id)).toMatchObject([{ provider: "Demo identity provider", email }]);
		const [mail] = (await takeMails()).filter(({ to }) => to.email === alice.user.email);
		expect(mail).toMatchObject({ kind: "identity-changed", change: "linked" });
		expect((await newVisitor().signIn("demo", { email, verified: false })).session?.user.id).toBe(alice.user.id);
	});

	test("takes a fresh proof, also at the moment at which the person comes back", async () => {
		const alice = await sessionOf(await createUser());
		await letProofAge(alice);
		expect(await newVisitor().link("demo", { email: newAddress() }, alice)).toMatchObject({
			path: "/settings/security?refused=proof-required",
		});
		expect(await listIdentities(alice.user.id)).toEqual([]);
	});

	test("is refused for the identity of somebody else, and is on record", async () => {
		const email = newAddress();
		const owner = await newcomer(email);
		const alice = await sessionOf(await createUser());
		expect(await newVisitor().link("demo", { email }, alice)).toMatchObject({ refused: "taken" });
		expect(await listIdentities(owner.user.id)).toHaveLength(1);
		const events = await db.select().from(auditEvents).where(eq(auditEvents.actorId, alice.user.id));
		expect(events.at(-1)).toMatchObject({
			action: "identity.refused",
			detail: { provider: "demo", reason: "taken", errand: "link" },
		});
	});

	test("does nothing in another session than the one that went there, such as that of an attacker", async () => {
		const [alice, mallory] = [await sessionOf(await createUser()), await sessionOf(await createUser())];
		const visitor = newVisitor();
		const answer = await visitor.walk(await visitor.begin("demo", "link", mallory), { email: newAddress() });
		expect(await visitor.bringBack(answer, { as: alice })).toMatchObject({ refused: "signed-out" });
		expect(await listIdentities(alice.user.id)).toEqual([]);
	});

	test("is not begun by a session that ended while the provider took its time", async () => {
		const alice = await sessionOf(await createUser());
		await db.delete(sessions).where(eq(sessions.id, alice.id));
		const before = await db.$count(providerVisits);
		await expect(newVisitor().begin("demo", "link", alice)).rejects.toMatchObject({ code: "session-ended" });
		expect(await db.$count(providerVisits)).toBe(before);
	});

	test("is refused once the session is over, and then nothing is on record in its name", async () => {
		const alice = await sessionOf(await createUser());
		const visitor = newVisitor();
		const answer = await visitor.walk(await visitor.begin("demo", "link", alice), { email: newAddress() });
		// Between the look-up that the callback did and what it does then.
		await db.delete(sessions).where(eq(sessions.id, alice.id));
		expect(await visitor.bringBack(answer, { as: alice })).toMatchObject({ refused: "signed-out" });
		expect(await listIdentities(alice.user.id)).toEqual([]);
		expect(await db.$count(auditEvents, eq(auditEvents.actorId, alice.user.id))).toBe(0);
		const [event] = await db.select().from(auditEvents).orderBy(desc(auditEvents.id)).limit(1);
		expect(event).toMatchObject({
			action: "identity.refused",
			actorLabel: "visitor",
			detail: { reason: "signed-out", errand: "link" },
		});
	});

	test("is out of reach while impersonating", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const impersonation = await impersonationOf(await createUser(), admin);
		expect(await newVisitor().link("demo", { email: newAddress() }, impersonation)).toMatchObject({
			refused: "signed-out",
		});
		expect(await listIdentities(impersonation.user.id)).toEqual([]);
	});
});

describe("unlinking an identity", () => {
	test("ends the sessions that were begun with it, but for the one that asks", async () => {
		const email = newAddress();
		const alice = await sessionOf(await createUser({ password, email }));
		const begunWithIt = await newcomer(email);
		await unlinkIdentity(alice, await onlyIdentity(alice));
		expect(await findSession(begunWithIt.tokens, begunWithIt.origin)).toBeNull();
		expect(await findSession(alice.tokens, alice.origin)).not.toBeNull();
		const [ended] = await db.select().from(endedSessions).where(eq(endedSessions.id, begunWithIt.id));
		expect(ended?.endReason).toBe("signed_out_elsewhere");
	});

	test("holds: it does not come back in by its verified address, until the person links it again", async () => {
		const email = newAddress();
		const alice = await sessionOf(await createUser({ password, email }));
		await newcomer(email);
		await unlinkIdentity(alice, await onlyIdentity(alice));
		expect(await newVisitor().signIn("demo", { email })).toMatchObject({ refused: "unlinked", session: null });
		await newVisitor().link("demo", { email }, alice);
		expect((await newVisitor().signIn("demo", { email })).session?.user.id).toBe(alice.user.id);
	});

	test("leaves nobody without a way to sign in, also when two go at the same moment", async () => {
		const alice = await newcomer();
		const first = await onlyIdentity(alice);
		await expect(unlinkIdentity(alice, first)).rejects.toMatchObject({ code: "conflict" });
		await newVisitor().link("demo", { email: newAddress() }, alice);
		const [, second] = await listIdentities(alice.user.id);
		const both = await Promise.allSettled([unlinkIdentity(alice, first), unlinkIdentity(alice, second?.id ?? "")]);
		expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
		expect(await listIdentities(alice.user.id)).toHaveLength(1);
	});

	test("takes a fresh proof, and touches nobody else's", async () => {
		const [alice, bob] = [await newcomer(), await sessionOf(await createUser({ password }))];
		const identity = await onlyIdentity(alice);
		await expect(unlinkIdentity(bob, identity)).rejects.toMatchObject({ code: "not-found" });
		await letProofAge(alice);
		await expect(unlinkIdentity(alice, identity)).rejects.toMatchObject({ code: "proof-required" });
		expect(await listIdentities(alice.user.id)).toHaveLength(1);
	});

	test("happens to all of them when the person says that a sign-in was not them, and ends what was begun with one", async () => {
		const email = newAddress();
		const another = await newcomer(email);
		const own = await sessionOf(another.user);
		const stranger = await newcomer(email);
		const { user, id } = stranger;
		const disowning = { purpose: "sign_in_disowning", userId: user.id, email, sessionId: id } as const;
		const place = { device: "A browser", ip: null, at: new Date().toISOString() };
		await db.transaction(async (tx) => {
			await sendMail(tx, { kind: "new-device", to: user, linkId: await createLink(tx, disowning), place });
		});
		await disownSignIn(await tokenMailed("new-device", email), stranger.origin);
		for (const { tokens, origin } of [stranger, another]) expect(await findSession(tokens, origin)).toBeNull();
		expect(await findSession(own.tokens, own.origin), "was begun before, with the password").not.toBeNull();
		expect(await newVisitor().signIn("demo", { email })).toMatchObject({ refused: "unlinked", session: null });
	});

	test("happens to all of them when the password is reset, and the mail says so", async () => {
		const email = newAddress();
		const alice = await sessionOf(await createUser({ password }));
		await newVisitor().link("demo", { email }, alice);
		await takeMails();
		await reset(alice);
		expect(await takeMails()).toMatchObject([{ kind: "password-changed", unlinked: true }]);
		expect(await listIdentities(alice.user.id)).toEqual([]);
		expect(await newVisitor().signIn("demo", { email })).toMatchObject({ refused: "unlinked", session: null });
	});

	test("does not happen when the first password is set", async () => {
		const alice = await newcomer();
		await reset(alice);
		expect(await takeMails()).toMatchObject([{ kind: "password-changed", unlinked: false }]);
		expect(await listIdentities(alice.user.id)).toHaveLength(1);
		await reset(alice);
		expect(await listIdentities(alice.user.id), "now there was one").toEqual([]);
	});
});

test("deleting an account erases its identities, and the same identity may begin anew", async () => {
	const email = newAddress();
	const alice = await newcomer(email);
	await deleteOwnAccount(alice, { email });
	expect(await db.$count(identities, eq(identities.email, email))).toBe(0);
	expect((await newcomer(email)).user.id).not.toBe(alice.user.id);
});

describe("somebody without a password", () => {
	test("proves who they are at their provider, which replaces the session's token", async () => {
		const email = newAddress();
		const alice = await newcomer(email);
		expect(await waysToProve(alice.user.id)).toEqual({
			password: false,
			providers: [{ id: "demo", name: "Demo identity provider" }],
		});
		await letProofAge(alice);
		const { session, path } = await newVisitor().prove("demo", { email }, alice);
		expect(path).toBe("/settings/security");
		expect(session?.id).toBe(alice.id);
		expect(session?.authenticatedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
		expect(await findSession(alice.tokens, alice.origin)).toBeNull();
	});

	test("keeps their session when we cannot count that they came back well", async () => {
		const email = newAddress();
		const alice = await newcomer(email);
		const visitor = newVisitor();
		const answer = await visitor.walk(await visitor.begin("demo", "proof", alice), { email });
		await db.execute(sql`alter table throttles rename to throttles_away`);
		await expect(visitor.bringBack(answer, { as: alice })).rejects.toThrow();
		await db.execute(sql`alter table throttles_away rename to throttles`);
		expect(await findSession(alice.tokens, alice.origin)).not.toBeNull();
	});

	test("proves nothing with an identity that is not theirs", async () => {
		const [alice, mallory] = [await newcomer(), newAddress()];
		await newcomer(mallory);
		expect(await newVisitor().prove("demo", { email: mallory }, alice)).toMatchObject({ refused: "not-yours" });
		expect(await findSession(alice.tokens, alice.origin)).not.toBeNull();
	});

	test("proves nothing by an answer that does not say that they were asked", async () => {
		const email = newAddress();
		const alice = await newcomer(email);
		const visitor = newVisitor();
		const sent = await visitor.begin("demo", "proof", alice);
		// As a provider would that does not know what it was asked for.
		sent.searchParams.delete("prompt");
		sent.searchParams.delete("max_age");
		const answer = await visitor.walk(sent, { email });
		expect(await visitor.bringBack(answer, { as: alice })).toMatchObject({ refused: "not-fresh" });
	});
});

describe("signing out", () => {
	test("of a session that was begun with an identity knows where else one is signed in", async () => {
		const alice = await newcomer();
		expect((await providerOf(alice.id))?.id).toBe("demo");
		expect(await providerOf((await sessionOf(alice.user)).id)).toBeUndefined();
	});

	test("at the provider leads there, and back to us and nowhere else", async () => {
		const url = new URL(await leavingAddress("demo"));
		expect(url.origin).toBe(provider.settings.issuer);
		expect(url.searchParams.get("post_logout_redirect_uri")).toBe("http://localhost:3000/sign-in");
		expect(await leavingAddress("unknown")).toBe("http://localhost:3000/sign-in");
	});

	test("there signs out here: the provider tells us which of its sessions is over", async () => {
		const alice = await newcomer();
		const [row] = await db.select().from(sessions).where(eq(sessions.id, alice.id));
		expect(row?.providerSid, "what its logout token will say").toMatch(/^[\w-]+$/);
		const [identity] = await db.select().from(identities).where(eq(identities.userId, alice.user.id));
		expect(row?.identityId).toBe(identity?.id);
	});
});
