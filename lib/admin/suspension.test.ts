import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, endedSessions, users } from "@/db/schema";
import { signIn } from "@/lib/accounts/sign-in";
import { parse } from "@/lib/parse";
import { type Role, roles } from "@/lib/permissions/matrix";
import { findSession, type Person } from "@/lib/session/lookup";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { offboard, previewOffboarding, reactivate, suspend, suspensionSchema } from "./suspension";
import { findUser } from "./user";

const reason = "A test";
const password = "correct horse battery staple";
const origin = { ip: "192.0.2.20", userAgent: null };

const again = (session: TestSession) => findSession(session.tokens, session.origin);
const signedIn = async (role: Role) => sessionOf(await createUser({ role }));
const trySignIn = ({ email }: Person) => signIn({ email, password }, origin, null);
const statusOf = async ({ id }: Pick<Person, "id">) => (await findUser(id))?.status;
const ended = async ({ id }: { id: string }) =>
	(await db.select().from(endedSessions).where(eq(endedSessions.id, id)))[0];
const trail = async ({ id }: Pick<Person, "id">) =>
	db.select().from(auditEvents).where(eq(auditEvents.targetId, id)).orderBy(auditEvents.id);
const inTheFuture = () => new Date(Date.now() + 3_600_000);

/** Written out, so that a slip in the matrix does not slip in here too: whom each role may shut out. */
const reach: Record<Role, Role[]> = { user: [], support: [], admin: ["user", "support"], owner: [...roles] };

describe("people are shut out by those above them", () => {
	const cases = roles.flatMap((actor) => roles.map((target) => ({ actor, target })));

	test.each(cases)("$target by $actor", async ({ actor, target }) => {
		await createUser({ role: "owner" });
		const session = await signedIn(actor);
		const [suspended, offboarded] = [await createUser({ role: target }), await createUser({ role: target })];
		const acts = [() => suspend(session, suspended.id, { reason }), () => offboard(session, offboarded.id, reason)];
		if (reach[actor].includes(target)) {
			for (const act of acts) await act();
			expect([await statusOf(suspended), await statusOf(offboarded)]).toEqual(["suspended", "suspended"]);
			await reactivate(session, suspended.id);
			expect(await statusOf(suspended)).toBe("active");
		} else {
			for (const act of acts) await expect(act()).rejects.toMatchObject({ code: "forbidden" });
			expect([await statusOf(suspended), await statusOf(offboarded)]).toEqual(["active", "active"]);
			await suspend({ operator: "A test" }, suspended.id, { reason });
			await expect(reactivate(session, suspended.id)).rejects.toMatchObject({ code: "forbidden" });
			expect(await statusOf(suspended)).toBe("suspended");
		}
	});

	test.each(roles)("never by themselves: %s", async (role) => {
		const session = await signedIn(role);
		await expect(suspend(session, session.user.id, { reason })).rejects.toMatchObject({ code: "forbidden" });
		await expect(offboard(session, session.user.id, reason)).rejects.toMatchObject({ code: "forbidden" });
		expect(await again(session)).not.toBeNull();
	});

	test("only when they exist", async () => {
		const owner = await signedIn("owner");
		const nobody = crypto.randomUUID();
		await expect(suspend(owner, nobody, { reason })).rejects.toMatchObject({ code: "not-found" });
		await expect(reactivate(owner, nobody)).rejects.toMatchObject({ code: "not-found" });
		await expect(offboard(owner, nobody, reason)).rejects.toMatchObject({ code: "not-found" });
	});
});

describe("a suspension", () => {
	test("signs the person out everywhere, with every impersonation that they opened or are in", async () => {
		const owner = await signedIn("owner");
		const admin = await createUser({ role: "admin" });
		const [laptop, phone] = [await sessionOf(admin), await sessionOf(admin)];
		const opened = await impersonationOf(await createUser(), laptop);
		const of = await impersonationOf(admin, await signedIn("owner"));

		expect(await suspend(owner, admin.id, { reason })).toBe(4);
		for (const session of [laptop, phone, opened, of]) expect(await again(session)).toBeNull();
		expect(await ended(laptop)).toMatchObject({ endReason: "suspended", endedById: owner.user.id });
		expect(await ended(of)).toMatchObject({ endReason: "suspended" });
		expect(await ended(opened)).toMatchObject({ endReason: "impersonator_gone" });
	});

	test("lets nobody in with the right password, until they are reactivated; old sessions stay ended", async () => {
		const owner = await signedIn("owner");
		const person = await createUser({ password });
		const before = await sessionOf(person);
		await suspend(owner, person.id, { reason });
		await expect(trySignIn(person)).rejects.toMatchObject({ code: "invalid" });

		await reactivate(owner, person.id);
		expect(await findSession(await trySignIn(person), origin)).toMatchObject({ user: { id: person.id } });
		expect(await again(before)).toBeNull();
	});

	test("with an end lifts by itself when that has passed, and not before", async () => {
		const person = await createUser({ password });
		await suspend(await signedIn("admin"), person.id, { reason, until: inTheFuture() });
		await expect(trySignIn(person)).rejects.toMatchObject({ code: "invalid" });
		expect(await statusOf(person)).toBe("suspended");

		await db.update(users).set({ suspendedUntil: new Date() }).where(eq(users.id, person.id));
		expect(await statusOf(person)).toBe("active");
		expect(await findSession(await trySignIn(person), origin)).not.toBeNull();
	});

	test("stops what the person was about to do", async () => {
		const [admin, target] = [await signedIn("admin"), await createUser()];
		await suspend(await signedIn("owner"), admin.user.id, { reason });
		await expect(suspend(admin, target.id, { reason })).rejects.toMatchObject({ code: "session-ended" });
		expect(await statusOf(target)).toBe("active");
	});

	test("catches a sign-in at the same moment, twenty times over", async () => {
		const owner = await signedIn("owner");
		const person = await createUser({ password });
		for (let round = 0; round < 20; round++) {
			const [attempt] = await Promise.allSettled([trySignIn(person), suspend(owner, person.id, { reason })]);
			if (attempt.status === "fulfilled") expect(await findSession(attempt.value, origin)).toBeNull();
			await reactivate(owner, person.id);
		}
	});

	test("can be given anew with another reason and another end", async () => {
		const [owner, person, until] = [await signedIn("owner"), await createUser(), inTheFuture()];
		await suspend(owner, person.id, { reason: "One", until });
		await suspend(owner, person.id, { reason: "Another" });
		expect((await findUser(person.id))?.suspension).toMatchObject({ reason: "Another", until: null });
	});

	test("is recorded with its reason, its end and how many sessions ended; so is its end", async () => {
		const [owner, person, until] = [await signedIn("owner"), await createUser(), inTheFuture()];
		await sessionOf(person);
		await suspend(owner, person.id, { reason: "Chargeback", until });
		await reactivate(owner, person.id);
		const actorId = owner.user.id;
		expect(await trail(person)).toMatchObject([
			{ action: "user.suspended", actorId, reason: "Chargeback", detail: { count: 1, until: until.toISOString() } },
			{ action: "user.reactivated", actorId },
		]);
	});

	test("that is not there cannot be lifted", async () => {
		const lift = reactivate(await signedIn("owner"), (await createUser()).id);
		await expect(lift).rejects.toMatchObject({ code: "conflict" });
	});

	test.each([
		{},
		{ reason: " " },
		{ reason: "a".repeat(501) },
		{ reason: "a\u0000b" },
		{ reason, until: "" },
		{ reason, until: "tomorrow" },
		{ reason, until: "2020-01-01T00:00:00Z" },
		{ reason, until: "+100000-01-01T00:00:00Z" },
	])("asked for with %j is refused with a message", (given) => {
		expect(() => parse(suspensionSchema, given)).toThrow(expect.objectContaining({ code: "invalid" }));
	});
});

describe("off-boarding", () => {
	test("ends all that its preview names, in one transaction, and reports it", async () => {
		const owner = await signedIn("owner");
		const admin = await createUser({ role: "admin" });
		const [laptop, phone] = [await sessionOf(admin), await sessionOf(admin)];
		const opened = await impersonationOf(await createUser(), laptop);
		const of = await impersonationOf(admin, await signedIn("owner"));
		const bystander = await signedIn("user");

		const preview = await previewOffboarding(admin.id);
		expect(preview).toEqual({ sessions: 2, impersonationsOpened: 1, impersonationsOf: 1 });
		expect(await offboard(owner, admin.id, "Left")).toEqual(preview);
		for (const session of [laptop, phone, opened, of]) {
			expect(await again(session)).toBeNull();
			expect(await ended(session)).toMatchObject({ endReason: "offboarded", endedById: owner.user.id });
		}
		expect(await again(bystander)).not.toBeNull();
		expect(await previewOffboarding(admin.id)).toEqual({ sessions: 0, impersonationsOpened: 0, impersonationsOf: 0 });
	});

	test("closes the account, and leaves one event with the reason and the report", async () => {
		const owner = await signedIn("owner");
		const person = await createUser({ password });
		await sessionOf(person);
		const report = await offboard(owner, person.id, "Left the company");
		await expect(trySignIn(person)).rejects.toMatchObject({ code: "invalid" });
		const events = (await trail(person)).filter(({ action }) => action.startsWith("user."));
		expect(events).toMatchObject([{ action: "user.offboarded", reason: "Left the company", detail: report }]);
		expect((await findUser(person.id))?.suspension).toMatchObject({
			reason: "Left the company",
			until: null,
			by: { id: owner.user.id },
			offboarding: { sessions: 1, impersonationsOpened: 0, impersonationsOf: 0 },
		});
	});
});
