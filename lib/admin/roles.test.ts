import { and, eq, not } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, endedSessions, users } from "@/db/schema";
import { type Role, roles } from "@/lib/permissions/matrix";
import { isSuspended } from "@/lib/session/live";
import { findSession, type Person } from "@/lib/session/lookup";
import { createUser, impersonationOf, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { changeRole } from "./roles";
import { offboard, suspend } from "./suspension";

const roleOf = async ({ id }: Pick<Person, "id">) =>
	(await db.select({ role: users.role }).from(users).where(eq(users.id, id)))[0]?.role;
const again = (session: TestSession) => findSession(session.tokens, session.origin);
const signedIn = async (role: Role) => sessionOf(await createUser({ role }));
const reason = "A test";

/** Leaves these people as the only owners. */
async function onlyOwners(...owners: Person[]): Promise<void> {
	await db.update(users).set({ role: "user" }).where(eq(users.role, "owner"));
	for (const { id } of owners) await db.update(users).set({ role: "owner" }).where(eq(users.id, id));
}

const activeOwners = () =>
	db
		.select({ id: users.id })
		.from(users)
		.where(and(eq(users.role, "owner"), not(isSuspended())));

/** Written out, so that a slip in the matrix does not slip in here too: who may make whom what. */
const allowed: Record<Role, Partial<Record<Role, Role[]>>> = {
	user: {},
	support: {},
	admin: { user: ["user", "support"], support: ["user", "support"] },
	owner: { user: [...roles], support: [...roles], admin: [...roles], owner: [...roles] },
};

describe("roles are given within one's own rank", () => {
	const cases = roles.flatMap((actor) => roles.flatMap((from) => roles.map((to) => ({ actor, from, to }))));

	test.each(cases)("by $actor, from $from to $to", async ({ actor, from, to }) => {
		await createUser({ role: "owner" });
		const target = await createUser({ role: from });
		const change = changeRole(await signedIn(actor), target.id, to);
		if (allowed[actor][from]?.includes(to)) {
			await change;
			expect(await roleOf(target)).toBe(to);
		} else {
			await expect(change).rejects.toMatchObject({ code: "forbidden" });
			expect(await roleOf(target)).toBe(from);
		}
	});

	test.each(roles)("and never to oneself, by %s", async (role) => {
		const session = await signedIn(role);
		for (const to of roles) {
			await expect(changeRole(session, session.user.id, to)).rejects.toMatchObject({ code: "forbidden" });
		}
		expect(await roleOf(session.user)).toBe(role);
	});

	test("nor to anybody who has not proved that their address is theirs, not even at the command line", async () => {
		const target = await createUser();
		await db.update(users).set({ emailVerifiedAt: null }).where(eq(users.id, target.id));
		for (const actor of [await signedIn("owner"), { operator: "A test" }]) {
			await expect(changeRole(actor, target.id, "owner")).rejects.toMatchObject({ code: "conflict" });
		}
		expect(await roleOf(target)).toBe("user");
	});

	test("nor to nobody", async () => {
		const change = changeRole(await signedIn("owner"), crypto.randomUUID(), "admin");
		await expect(change).rejects.toMatchObject({ code: "not-found" });
	});

	test("nor without a fresh proof of who one is", async () => {
		const [owner, target] = [await signedIn("owner"), await createUser()];
		await letProofAge(owner);
		await expect(changeRole(owner, target.id, "admin")).rejects.toMatchObject({ code: "proof-required" });
		expect(await roleOf(target)).toBe("user");
	});

	test("nor by an admin who impersonates someone of a lower rank", async () => {
		const impersonation = await impersonationOf(await createUser({ role: "admin" }), await signedIn("owner"));
		const target = await createUser();
		await expect(changeRole(impersonation, target.id, "support")).rejects.toMatchObject({ code: "forbidden" });
	});
});

describe("a change of role", () => {
	test("holds on the person's next request, without signing them out", async () => {
		const session = await signedIn("support");
		await changeRole(await signedIn("owner"), session.user.id, "admin");
		expect(await again(session)).toMatchObject({ id: session.id, user: { role: "admin" } });
	});

	test("holds for what they do next: a demoted admin can no longer act", async () => {
		const [owner, admin, target] = [await signedIn("owner"), await signedIn("admin"), await createUser()];
		await changeRole(owner, admin.user.id, "user");
		await expect(changeRole(admin, target.id, "support")).rejects.toMatchObject({ code: "forbidden" });
		await expect(suspend(admin, target.id, { reason })).rejects.toMatchObject({ code: "forbidden" });
	});

	test("ends the impersonations that they opened and those of them, whichever way it goes", async () => {
		const owner = await signedIn("owner");
		for (const to of ["support", "owner"] as const) {
			const admin = await signedIn("admin");
			const opened = await impersonationOf(await createUser(), admin);
			const of = await impersonationOf(admin.user, await signedIn("owner"));
			await changeRole(owner, admin.user.id, to);
			expect([await again(opened), await again(of)]).toEqual([null, null]);
			for (const { id } of [opened, of]) {
				const [row] = await db.select().from(endedSessions).where(eq(endedSessions.id, id));
				expect(row).toMatchObject({ endReason: "impersonator_gone", endedById: owner.user.id });
			}
			expect(await again(admin), "their own session stays").not.toBeNull();
		}
	});

	test("is recorded with the old and the new role; no change is not", async () => {
		const [owner, target] = [await signedIn("owner"), await createUser()];
		await changeRole(owner, target.id, "user");
		await changeRole(owner, target.id, "support");
		const events = await db.select().from(auditEvents).where(eq(auditEvents.targetId, target.id));
		expect(events).toMatchObject([
			{ action: "user.role_changed", actorId: owner.user.id, detail: { from: "user", to: "support" } },
		]);
	});
});

describe("there is always an owner", () => {
	let one: Person;
	let other: Person;
	beforeEach(async () => {
		[one, other] = [await createUser({ role: "owner" }), await createUser({ role: "owner" })];
		await onlyOwners(one, other);
	});

	const atTheCommandLine = { operator: "A test" };

	test("the last one cannot be demoted, suspended or off-boarded, not even at the command line", async () => {
		await onlyOwners(one);
		const conflict = expect.objectContaining({ code: "conflict" });
		await expect(changeRole(atTheCommandLine, one.id, "admin")).rejects.toEqual(conflict);
		await expect(suspend(atTheCommandLine, one.id, { reason })).rejects.toEqual(conflict);
		await expect(offboard(atTheCommandLine, one.id, reason)).rejects.toEqual(conflict);
		expect(await roleOf(one)).toBe("owner");
	});

	test("an owner who is suspended does not count as another one", async () => {
		await suspend(await sessionOf(one), other.id, { reason });
		await expect(changeRole(atTheCommandLine, one.id, "admin")).rejects.toMatchObject({ code: "conflict" });
	});

	test("an owner may act on another one, as long as one is left", async () => {
		await changeRole(await sessionOf(one), other.id, "admin");
		expect(await activeOwners()).toEqual([{ id: one.id }]);
	});

	test("two who demote each other at the same moment leave one, thirty times over", async () => {
		for (let round = 0; round < 30; round++) {
			await onlyOwners(one, other);
			const [first, second] = [await sessionOf(one), await sessionOf(other)];
			const outcomes = await Promise.allSettled([
				changeRole(first, other.id, "user"),
				changeRole(second, one.id, "user"),
			]);
			expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
			const refused = outcomes.find((outcome) => outcome.status === "rejected");
			expect(refused?.reason).toMatchObject({ code: "forbidden" });
			expect(await activeOwners()).toHaveLength(1);
		}
	});

	test("three who demote, suspend and off-board each other in a circle at the same moment leave one", async () => {
		const third = await createUser({ role: "owner" });
		for (let round = 0; round < 10; round++) {
			await db.update(users).set({ suspendedAt: null });
			await onlyOwners(one, other, third);
			const [first, second, last] = [await sessionOf(one), await sessionOf(other), await sessionOf(third)];
			const outcomes = await Promise.allSettled([
				changeRole(first, other.id, "admin"),
				suspend(second, third.id, { reason }),
				offboard(last, one.id, reason),
			]);
			for (const outcome of outcomes) {
				if (outcome.status === "fulfilled") continue;
				expect(outcome.reason.code).toMatch(/^(forbidden|session-ended)$/);
			}
			expect((await activeOwners()).length).toBeGreaterThan(0);
		}
	});
});
