import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, endedSessions, users } from "@/db/schema";
import { suspend } from "@/lib/admin/suspension";
import { type Role, roles } from "@/lib/permissions/matrix";
import { whyEnded } from "@/lib/session/ended";
import { startSession } from "@/lib/session/lifecycle";
import { findSession, type Person } from "@/lib/session/lookup";
import { listPastImpersonations } from "@/lib/session/own";
import { tokenMailed } from "@/lib/testing/mail";
import { createUser, impersonationOf, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { refresh } from "@/lib/tokens/refresh";
import { deleteOwnAccount, deleteUser } from "./deletion";
import { signIn } from "./sign-in";
import { signUp } from "./sign-up";
import { verifyEmail } from "./verify-email";

const reason = "Asked to be forgotten";
const password = "correct horse battery staple";
const origin = { ip: "192.0.2.20", userAgent: null };

const signedIn = async (role: Role) => sessionOf(await createUser({ role }));
const isLive = async (session: TestSession) => (await findSession(session.tokens, session.origin)) !== null;
const exists = async ({ id }: Pick<Person, "id">) => (await db.$count(users, eq(users.id, id))) === 1;
const ended = async ({ id }: { id: string }) =>
	(await db.select().from(endedSessions).where(eq(endedSessions.id, id)))[0];
const trail = ({ id }: Pick<Person, "id">) =>
	db.select().from(auditEvents).where(eq(auditEvents.targetId, id)).orderBy(auditEvents.id);
const deleteSelf = (session: TestSession) => deleteOwnAccount(session, { email: session.user.email });

/** Only these owners are left. */
async function onlyOwners(...people: Person[]): Promise<void> {
	await db.update(users).set({ role: "user" }).where(eq(users.role, "owner"));
	for (const { id } of people) await db.update(users).set({ role: "owner" }).where(eq(users.id, id));
}

describe("deleting an account", () => {
	test("removes the person's row, and ends every session of theirs and every impersonation by or of them", async () => {
		const owner = await signedIn("owner");
		const admin = await createUser({ role: "admin" });
		const [laptop, phone] = [await sessionOf(admin), await sessionOf(admin)];
		const alice = await sessionOf(await createUser());
		const opened = await impersonationOf(alice.user, laptop);
		const of = await impersonationOf(admin, owner);

		expect(await deleteUser(owner, admin.id, reason)).toBe(4);
		expect(await exists(admin)).toBe(false);
		for (const session of [laptop, phone, opened, of]) expect(await isLive(session)).toBe(false);
		for (const session of [owner, alice]) expect(await isLive(session)).toBe(true);
		expect(await ended(laptop)).toMatchObject({ endReason: "deleted", endedById: owner.user.id });
		expect(await ended(of)).toMatchObject({ endReason: "deleted" });
		expect(await ended(opened)).toMatchObject({ endReason: "impersonator_gone", userId: alice.user.id });
	});

	test("tells every browser of theirs why, though nothing leads from its session to the person any more", async () => {
		const alice = await createUser();
		const [here, phone] = [await sessionOf(alice), await sessionOf(alice)];
		await deleteSelf(here);
		for (const session of [here, phone]) {
			expect(await whyEnded(session.tokens)).toBe("You were signed out because your account was deleted.");
			expect(await ended(session)).toMatchObject({ userId: null, endedById: null, ip: null, userAgent: null });
		}
	});

	test("forgets what an app called its device, and tells the app why it is out", async () => {
		const alice = await createUser();
		const tokens = await db.transaction((tx) =>
			startSession(tx, { userId: alice.id, origin, appDevice: "Alice’s phone" }),
		);
		await deleteSelf(await sessionOf(alice));
		expect(await ended(tokens)).toMatchObject({ endReason: "deleted", appDevice: null });
		await expect(refresh(tokens.token, origin)).rejects.toThrow(
			"You were signed out because your account was deleted.",
		);
	});

	test("forgets where past sessions came from, those in which they impersonated others included", async () => {
		const [admin, alice] = [await signedIn("admin"), await signedIn("user")];
		const impersonation = await impersonationOf(alice.user, admin);
		await suspend(await signedIn("owner"), admin.user.id, { reason });
		expect(await ended(impersonation)).toMatchObject({ ip: admin.origin.ip });
		await deleteUser(await signedIn("owner"), admin.user.id, reason);
		for (const session of [admin, impersonation]) expect(await ended(session)).toMatchObject({ ip: null });
		expect(await listPastImpersonations(alice)).toMatchObject([{ id: impersonation.id, by: null }]);
	});

	test("leaves an event that names both people, with the reason", async () => {
		const [owner, alice] = [await signedIn("owner"), await createUser({ name: "Alice" })];
		await sessionOf(alice);
		await deleteUser(owner, alice.id, reason);
		const targetLabel = `Alice <${alice.email}>`;
		expect(await trail(alice)).toMatchObject([
			{ action: "user.deleted", actorId: owner.user.id, targetLabel, reason, detail: { count: 1 } },
		]);
		const bob = await sessionOf(await createUser());
		await deleteSelf(bob);
		expect(await trail(bob.user)).toMatchObject([{ action: "account.deleted", actorId: bob.user.id }]);
	});

	test("lets nobody sign in any more; whoever signs up with the address later is somebody else", async () => {
		const { id, email } = await createUser({ password, role: "admin" });
		await deleteUser(await signedIn("owner"), id, reason);
		await expect(signIn({ email, password }, origin, null)).rejects.toMatchObject({ code: "invalid" });
		await signUp({ name: "Another", email, password }, origin);
		const tokens = await verifyEmail(await tokenMailed("verify-email", email), { password }, origin, null);
		const session = await findSession(tokens, origin);
		expect(session?.user).toMatchObject({ email, role: "user" });
		expect(session?.user.id).not.toBe(id);
	});

	test("catches a sign-in and an impersonation at the same moment, ten times over", async () => {
		const owner = await signedIn("owner");
		for (let round = 0; round < 10; round++) {
			const admin = await signedIn("admin");
			const alice = await createUser({ password });
			const [attempt, impersonation, deletion] = await Promise.allSettled([
				signIn({ email: alice.email, password }, { ...origin, ip: `192.0.2.${100 + round}` }, null),
				impersonationOf(alice, admin),
				deleteUser(owner, alice.id, reason),
			]);
			expect(deletion.status).toBe("fulfilled");
			expect(await exists(alice)).toBe(false);
			if (attempt.status === "fulfilled") expect(await findSession(attempt.value, origin)).toBeNull();
			if (impersonation.status === "fulfilled") expect(await isLive(impersonation.value)).toBe(false);
		}
	});
});

describe("people delete their own account", () => {
	test.each(roles)("as %s, with their address and a fresh proof", async (role) => {
		await createUser({ role: "owner" });
		const session = await signedIn(role);
		await letProofAge(session);
		await expect(deleteSelf(session)).rejects.toMatchObject({ code: "proof-required" });
		const fresh = await sessionOf(session.user);
		await expect(deleteOwnAccount(fresh, { email: "another@example.com" })).rejects.toMatchObject({
			code: "invalid",
			fields: { email: ["That is not the address of this account."] },
		});
		expect(await exists(session.user)).toBe(true);
		expect(await deleteSelf(fresh)).toBe(2);
		expect(await exists(session.user)).toBe(false);
	});

	test("and nobody who impersonates them does", async () => {
		const impersonation = await impersonationOf(await createUser(), await signedIn("owner"));
		await expect(deleteSelf(impersonation)).rejects.toMatchObject({ code: "forbidden" });
		expect(await exists(impersonation.user)).toBe(true);
	});

	test("once: the session is over afterwards", async () => {
		const session = await signedIn("user");
		await deleteSelf(session);
		await expect(deleteSelf(session)).rejects.toMatchObject({ code: "session-ended" });
	});
});

describe("others are deleted by owners", () => {
	const cases = roles.flatMap((actor) => roles.map((target) => ({ actor, target })));

	test.each(cases)("$target by $actor", async ({ actor, target }) => {
		await createUser({ role: "owner" });
		const [session, person] = [await signedIn(actor), await createUser({ role: target })];
		const deletion = deleteUser(session, person.id, reason);
		if (actor === "owner") await deletion;
		else await expect(deletion).rejects.toMatchObject({ code: "forbidden" });
		expect(await exists(person)).toBe(actor !== "owner");
	});

	test("never themselves, nor somebody who is not there", async () => {
		const owner = await signedIn("owner");
		await expect(deleteUser(owner, owner.user.id, reason)).rejects.toMatchObject({ code: "forbidden" });
		await expect(deleteUser(owner, crypto.randomUUID(), reason)).rejects.toMatchObject({ code: "not-found" });
		expect(await exists(owner.user)).toBe(true);
	});
});

describe("the last owner", () => {
	test("cannot be deleted, not even at the command line", async () => {
		const last = await signedIn("user");
		await onlyOwners(last.user);
		const conflict = { code: "conflict", message: expect.stringMatching(/the last owner/) };
		await expect(deleteSelf(last)).rejects.toMatchObject({ ...conflict, message: expect.stringMatching(/^You are/) });
		await expect(deleteUser({ operator: "A test" }, last.user.id, reason)).rejects.toMatchObject(conflict);
		expect([await exists(last.user), await isLive(last)]).toEqual([true, true]);
	});

	test("is left when two owners delete themselves, or each other, or one another's way, twenty times over", async () => {
		for (let round = 0; round < 20; round++) {
			const [one, two] = [await signedIn("user"), await signedIn("user")];
			await onlyOwners(one.user, two.user);
			const acts = [
				[() => deleteSelf(one), () => deleteSelf(two)],
				[() => deleteUser(one, two.user.id, reason), () => deleteUser(two, one.user.id, reason)],
				[() => deleteSelf(one), () => suspend(one, two.user.id, { reason })],
				[() => deleteSelf(one), () => deleteUser(one, two.user.id, reason)],
			][round % 4] as (() => Promise<unknown>)[];
			const outcomes = await Promise.allSettled(acts.map((act) => act()));
			expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
			const left = await db.select({ suspendedAt: users.suspendedAt }).from(users).where(eq(users.role, "owner"));
			expect(left.filter(({ suspendedAt }) => suspendedAt === null)).toHaveLength(1);
		}
	});
});
