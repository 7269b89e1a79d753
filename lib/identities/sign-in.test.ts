import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { freePort } from "@/db/embedded-server";
import { auditEvents, endedSessions, erasedIdentities, identities, providerVisits, sessions, users } from "@/db/schema";
import { deleteUser } from "@/lib/accounts/deletion";
import { suspend } from "@/lib/admin/suspension";
import { environment } from "@/lib/environment";
import { takeMails } from "@/lib/testing/mail";
import { createUser, sessionOf } from "@/lib/testing/people";
import { newVisitor } from "@/lib/testing/provider-visit";
import { type IdentityProvider, startIdentityProvider } from "@/scripts/identity-provider";

let provider: IdentityProvider;

beforeAll(async () => {
	provider = await startIdentityProvider({ port: await freePort(), apps: ["http://localhost:3000"], people: [] });
	process.env.OIDC_PROVIDERS = JSON.stringify([provider.settings]);
	expect(environment().OIDC_PROVIDERS).toHaveLength(1);
});
afterAll(() => provider.stop());

let count = 0;
const newAddress = () => `federated-${++count}@example.com`;
const identitiesOf = (user: { id: string }) => db.select().from(identities).where(eq(identities.userId, user.id));
const eventsOf = async (user: { id: string }) => {
	const rows = await db.select().from(auditEvents).where(eq(auditEvents.targetId, user.id)).orderBy(auditEvents.id);
	return rows.map(({ action, detail }) => ({ action, detail }));
};

describe("signing in with an identity", () => {
	test("makes an account for somebody new, and finds it again the next time", async () => {
		const email = newAddress();
		const first = await newVisitor().signIn("demo", { name: "Nora New", email });
		expect(first).toMatchObject({
			path: "/projects",
			session: { user: { name: "Nora New", email, role: "user" } },
		});
		const second = await newVisitor().signIn("demo", { email });
		expect(second.session?.user).toEqual(first.session?.user);
		expect(second.session?.id).not.toBe(first.session?.id);
		const [user] = await db.select().from(users).where(eq(users.email, email));
		expect(user).toMatchObject({ passwordHash: null, emailVerifiedAt: expect.any(Date) });
		expect((await eventsOf(user as { id: string })).map(({ action }) => action)).toEqual([
			"account.created",
			"identity.linked",
			"session.started",
			"session.started",
		]);
	});

	test("begins a session that says so, and that is bound to the provider's own", async () => {
		const { session } = await newVisitor().signIn("demo", { email: newAddress() });
		const [row] = await db
			.select()
			.from(sessions)
			.where(eq(sessions.id, session?.id ?? ""));
		const [identity] = await identitiesOf(session?.user as { id: string });
		expect(row).toMatchObject({ authenticatedWith: "identity", identityId: identity?.id });
		expect(row?.providerSid).toEqual(expect.any(String));
	});

	test("is as fresh a proof as the provider says, which is asked to say it", async () => {
		const visitor = newVisitor();
		const email = newAddress();
		const asked = Math.floor(Date.now() / 1000) * 1000;
		const first = await visitor.signIn("demo", { email });
		expect(first.session?.authenticatedAt.getTime()).toBeGreaterThanOrEqual(asked);
		const again = await visitor.signIn("demo", null);
		expect(again.session?.authenticatedAt, "it knew them, and did not ask").toEqual(first.session?.authenticatedAt);
	});

	test("knows people by issuer and subject: a changed address here or there changes nothing", async () => {
		const email = newAddress();
		const { session } = await newVisitor().signIn("demo", { email });
		const moved = newAddress();
		await db.update(users).set({ email: moved }).where(eq(users.email, email));
		const stranger = await createUser({ email });
		const again = await newVisitor().signIn("demo", { email });
		expect(again.session?.user.id).toBe(session?.user.id);
		expect(again.session?.user.email).toBe(moved);
		expect(await identitiesOf(stranger)).toEqual([]);
	});

	test("ends the session that the browser came with", async () => {
		const mallory = await sessionOf(await createUser());
		const { session } = await newVisitor().signIn("demo", { email: newAddress() }, mallory);
		expect(session?.tokens.token).not.toBe(mallory.tokens.token);
		const [ended] = await db.select().from(endedSessions).where(eq(endedSessions.id, mallory.id));
		expect(ended).toMatchObject({ endReason: "replaced", endedById: session?.user.id });
	});

	test("is linked with the person whose address both sides have verified, who hears of it by mail", async () => {
		const alice = await createUser();
		const { session } = await newVisitor().signIn("demo", { email: alice.email });
		expect(session?.user).toEqual(alice);
		expect(await identitiesOf(alice)).toMatchObject([{ issuer: provider.settings.issuer, email: alice.email }]);
		const mail = (await takeMails()).find(({ to }) => to.email === alice.email);
		expect(mail).toMatchObject({ kind: "identity-changed", change: "linked", provider: "Demo identity provider" });
	});

	test.each(["owner", "user"] as const)(
		"is nobody's with an address that the provider has not verified, such as the %s's",
		async (role) => {
			const person = await createUser({ role });
			const arrived = await newVisitor().signIn("demo", { email: person.email, verified: false });
			expect(arrived).toMatchObject({ refused: "unverified", session: null });
			expect(await identitiesOf(person)).toEqual([]);
		},
	);

	test("makes no account without a verified address", async () => {
		const email = newAddress();
		expect(await newVisitor().signIn("demo", { email, verified: false })).toMatchObject({ refused: "unverified" });
		expect(await db.$count(users, eq(users.email, email))).toBe(0);
	});

	test("is not handed an account whose address nobody has proven yet: a stranger may have made it", async () => {
		const planted = await createUser();
		await db.update(users).set({ emailVerifiedAt: null }).where(eq(users.id, planted.id));
		const arrived = await newVisitor().signIn("demo", { email: planted.email });
		expect(arrived).toMatchObject({ refused: "unverified", session: null });
		expect(await eventsOf(planted)).toEqual([
			{ action: "identity.refused", detail: { provider: "demo", reason: "unverified", errand: "sign_in" } },
		]);
	});

	test.each(["linked before", "about to be linked"])(
		"is refused to suspended people, %s, and is on record",
		async (when) => {
			const bob = await createUser();
			if (when === "linked before") await newVisitor().signIn("demo", { email: bob.email });
			await db.update(users).set({ suspendedAt: new Date() }).where(eq(users.id, bob.id));
			const arrived = await newVisitor().signIn("demo", { email: bob.email });
			expect(arrived).toMatchObject({ path: "/sign-in?refused=inactive&next=%2Fprojects", session: null });
			expect((await eventsOf(bob)).at(-1)).toMatchObject({
				action: "identity.refused",
				detail: { reason: "inactive" },
			});
		},
	);

	test("is refused to somebody who was deleted while suspended, as long as they would still be", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const email = newAddress();
		const { session } = await newVisitor().signIn("demo", { email });
		await suspend(owner, session?.user.id ?? "", { reason: "A test", until: new Date(Date.now() + 3_600_000) });
		await deleteUser(owner, session?.user.id ?? "", "A test");
		expect(await newVisitor().signIn("demo", { email })).toMatchObject({ refused: "inactive", session: null });
		expect(await db.$count(users, eq(users.email, email))).toBe(0);
		await db.update(erasedIdentities).set({ suspendedUntil: new Date() });
		expect((await newVisitor().signIn("demo", { email })).session?.user.role).toBe("user");
	});

	test("works in two tabs at once, also for somebody new", async () => {
		const email = newAddress();
		const [one, other] = [newVisitor(), newVisitor()];
		const answers = await Promise.all(
			[one, other].map(async (visitor) => visitor.walk(await visitor.begin("demo"), { email })),
		);
		const arrived = await Promise.all([one.bringBack(answers[0] as URL), other.bringBack(answers[1] as URL)]);
		expect(arrived.map(({ session }) => session?.user.email)).toEqual([email, email]);
		expect(await db.$count(users, eq(users.email, email))).toBe(1);
	});

	test("that was on its way when the person signed out at the provider comes too late; the next one does not", async () => {
		const email = newAddress();
		const first = await newVisitor().signIn("demo", { email });
		const late = newVisitor();
		const answer = await late.walk(await late.begin("demo"), { email });
		const theirs = eq(identities.userId, first.session?.user.id ?? "");
		await db.update(identities).set({ signedOutAt: new Date() }).where(theirs);
		expect(await late.bringBack(answer)).toMatchObject({ refused: "stale", session: null });
		expect((await newVisitor().signIn("demo", { email })).session).not.toBeNull();
	});

	test("says nothing but a word of ours when the person changes their mind there", async () => {
		const visitor = newVisitor();
		const arrived = await visitor.bringBack(await visitor.walk(await visitor.begin("demo"), "cancel"));
		expect(arrived).toEqual({
			path: "/sign-in?refused=declined&next=%2Fprojects",
			refused: "declined",
			session: null,
		});
	});
});

describe("an answer is good once, in the browser that asked for it, from the provider that was asked", () => {
	const answerFor = async (visitor = newVisitor()) => ({
		visitor,
		answer: await visitor.walk(await visitor.begin("demo"), { email: newAddress() }),
	});

	test("and not a second time", async () => {
		const { visitor, answer } = await answerFor();
		const both = await Promise.all([visitor.bringBack(answer), visitor.bringBack(answer)]);
		expect(both.map(({ refused }) => refused).toSorted()).toEqual(["stale", null].toSorted());
		expect(await visitor.bringBack(answer)).toMatchObject({ refused: "stale", session: null });
	});

	test("and not in another browser, which is how somebody would be signed in as the attacker", async () => {
		const { visitor, answer } = await answerFor();
		expect(await newVisitor().bringBack(answer)).toMatchObject({ refused: "stale", session: null });
		expect(await visitor.bringBack(answer, { from: null })).toMatchObject({ refused: "stale", session: null });
		expect(await visitor.bringBack(answer, { from: "x".repeat(10_000) })).toMatchObject({ refused: "stale" });
		expect((await visitor.bringBack(answer)).session, "the attempt of others uses nothing up").not.toBeNull();
	});

	test.each(["state", "code", "iss"])("and not with another %s, or none, or two", async (name) => {
		for (const change of ["other", "none", "two"]) {
			const { visitor, answer } = await answerFor();
			if (change === "other") answer.searchParams.set(name, "https://evil.example");
			if (change === "none") answer.searchParams.delete(name);
			if (change === "two") answer.searchParams.append(name, answer.searchParams.get(name) ?? "");
			const arrived = await visitor.bringBack(answer);
			expect(arrived, change).toMatchObject({ session: null, refused: expect.stringMatching(/^(stale|untrusted)$/) });
		}
	});

	test("and not after ten minutes", async () => {
		const { visitor, answer } = await answerFor();
		await db.update(providerVisits).set({ expiresAt: new Date() });
		expect(await visitor.bringBack(answer)).toMatchObject({ refused: "stale", session: null });
	});
});
