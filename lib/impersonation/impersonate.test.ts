import { eq, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, endedSessions, sessions, users } from "@/db/schema";
import { forceLogout, forceLogoutAll, forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { changeRole } from "@/lib/admin/roles";
import { offboard, suspend } from "@/lib/admin/suspension";
import { environment } from "@/lib/environment";
import { matrix, type Permission, type Role, roles } from "@/lib/permissions/matrix";
import { fenced } from "@/lib/session/fence";
import { findSession, type Session } from "@/lib/session/lookup";
import { listOwnSessions, listPastImpersonations, signOut } from "@/lib/session/own";
import { createUser, impersonationOf, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { impersonate, impersonatedPerson, impersonatorBehind, stopImpersonating } from "./impersonate";

const reason = "Ticket 4711";

const again = (session: TestSession) => findSession(session.tokens, session.origin);
const signedIn = async (role: Role) => sessionOf(await createUser({ role }));
const attempt = (session: TestSession, { id }: { id: string }) => impersonate(session, session.tokens, id, { reason });
const ended = async ({ id }: { id: string }) =>
	(await db.select().from(endedSessions).where(eq(endedSessions.id, id)))[0];
const liveImpersonationsBy = async ({ id }: { id: string }) =>
	db.select({ id: sessions.id }).from(sessions).where(eq(sessions.impersonatorId, id));

/** Written out, so that a slip in the matrix does not slip in here too: whom each role may impersonate. */
const reach: Record<Role, Role[]> = {
	user: [],
	support: [],
	admin: ["user", "support"],
	owner: ["user", "support", "admin"],
};

describe("people are impersonated by those above them", () => {
	const cases = roles.flatMap((actor) => roles.map((target) => ({ actor, target })));

	test.each(cases)("$target by $actor", async ({ actor, target }) => {
		const [session, person] = [await signedIn(actor), await createUser({ role: target })];
		if (reach[actor].includes(target)) {
			const tokens = await attempt(session, person);
			expect(await findSession(tokens, session.origin)).toMatchObject({ user: person, impersonator: session.user });
		} else {
			await expect(attempt(session, person)).rejects.toMatchObject({ code: "forbidden" });
			expect(await liveImpersonationsBy(session.user)).toEqual([]);
		}
	});

	test.each(roles)("and never by themselves: %s", async (role) => {
		const session = await signedIn(role);
		await expect(attempt(session, session.user)).rejects.toMatchObject({ code: "forbidden" });
	});

	test("unless they are suspended, or nobody", async () => {
		const [owner, suspended] = [await signedIn("owner"), await createUser()];
		await suspend(owner, suspended.id, { reason });
		await expect(attempt(owner, suspended)).rejects.toMatchObject({ code: "forbidden" });
		await expect(attempt(owner, { id: crypto.randomUUID() })).rejects.toMatchObject({ code: "not-found" });
	});

	test("with a fresh proof of who is acting", async () => {
		const [admin, person] = [await signedIn("admin"), await createUser()];
		await letProofAge(admin);
		await expect(attempt(admin, person)).rejects.toMatchObject({ code: "proof-required" });
	});

	test("once: nobody impersonates from within an impersonation", async () => {
		const impersonation = await impersonationOf(await createUser({ role: "admin" }), await signedIn("owner"));
		await expect(attempt(impersonation, await createUser())).rejects.toMatchObject({ code: "forbidden" });
	});

	test("one at a time: another one from the same session replaces the first", async () => {
		const admin = await signedIn("admin");
		const first = await impersonationOf(await createUser(), admin);
		const second = await impersonationOf(await createUser(), admin);
		expect([await again(first), await ended(first)]).toMatchObject([null, { endReason: "replaced" }]);
		expect(await again(second)).not.toBeNull();
	});
});

describe("an impersonation", () => {
	test("is served as the person, names the admin, and leaves the admin's own session what it was", async () => {
		const [admin, alice] = [await signedIn("admin"), await createUser({ name: "Alice" })];
		const impersonation = await impersonationOf(alice, admin);
		expect(impersonation).toMatchObject({ user: alice, impersonator: { ...admin.user, sessionId: admin.id } });
		expect(await again(admin)).toMatchObject({ id: admin.id, user: admin.user, impersonator: null });
	});

	test("needs both tokens of its cookie: neither alone opens it", async () => {
		const [admin, other] = [await signedIn("admin"), await signedIn("admin")];
		const { tokens, origin } = await impersonationOf(await createUser(), admin);
		expect(await findSession({ token: tokens.token }, origin)).toBeNull();
		expect(await findSession({ ...tokens, parentToken: other.tokens.token }, origin)).toBeNull();
	});

	test("is refused once the admin may no longer impersonate, also by a hand in the database, whoever is impersonated", async () => {
		const admin = await signedIn("admin");
		const impersonation = await impersonationOf(await createUser(), admin);
		await db.update(users).set({ role: "support" }).where(eq(users.id, admin.user.id));
		expect(await again(impersonation)).toBeNull();
	});

	const forbidden = (Object.keys(matrix) as Permission[]).filter((key) => !matrix[key].whileImpersonating);
	test.each(forbidden)("does not reach %s, whoever is impersonated", async (permission) => {
		const impersonation = await impersonationOf(await createUser({ role: "admin" }), await signedIn("owner"));
		const act = fenced(impersonation, permission, async () => "done");
		await expect(act).rejects.toMatchObject({ code: "forbidden" });
	});

	test("is seen by the person while it lasts and afterwards: by whom and why", async () => {
		const [admin, alice] = [await signedIn("admin"), await signedIn("user")];
		const impersonation = await impersonationOf(alice.user, admin);
		const live = await listOwnSessions(alice);
		expect(live.find(({ id }) => id === impersonation.id)?.impersonation).toEqual({
			by: admin.user.name,
			reason: "A test",
		});
		await stopImpersonating(impersonation.tokens, impersonation);
		expect(await listPastImpersonations(alice)).toMatchObject([{ by: admin.user.name, reason: "A test" }]);
	});

	test("is recorded with both people at its start and at its end", async () => {
		const [admin, alice] = [await signedIn("admin"), await createUser()];
		const impersonation = await impersonationOf(alice, admin);
		await stopImpersonating(impersonation.tokens, impersonation);
		const events = await db.select().from(auditEvents).where(eq(auditEvents.sessionId, impersonation.id));
		const people = { actorId: admin.user.id, targetId: alice.id };
		expect(events).toMatchObject([
			{ action: "impersonation.started", ...people, reason: "A test", actingAsId: null },
			{ action: "impersonation.stopped", ...people, actingAsId: alice.id },
		]);
	});

	test("has a hard limit, which use does not extend; then the admin goes on as themselves", async () => {
		const admin = await signedIn("admin");
		const impersonation = await impersonationOf(await createUser(), admin);
		const { createdAt, expiresAt, origin, tokens } = impersonation;
		expect(expiresAt.getTime() - createdAt.getTime()).toBe(environment().IMPERSONATION_SECONDS * 1000);
		expect((await again(impersonation))?.expiresAt).toEqual(expiresAt);

		await db.update(sessions).set({ expiresAt: sql`now()` }).where(eq(sessions.id, impersonation.id));
		expect(await again(impersonation)).toBeNull();
		expect(await impersonatorBehind(tokens, origin)).toMatchObject({ id: admin.id });
	});
});

describe("an impersonation ends in the same transaction as", () => {
	interface Scene {
		owner: TestSession;
		admin: TestSession;
		target: Session["user"];
	}

	/** Each with the reason that the impersonation is filed under. */
	const acts: [what: string, endReason: string, act: (scene: Scene) => Promise<unknown>][] = [
		["the admin's sign-out", "impersonator_gone", ({ admin }) => signOut(admin)],
		["a forced logout of the admin's session", "impersonator_gone", (s) => forceLogout(s.owner, [s.admin.id])],
		["a forced logout of the admin", "impersonator_gone", (s) => forceLogoutEverywhere(s.owner, s.admin.user.id)],
		["the admin's demotion", "impersonator_gone", (s) => changeRole(s.owner, s.admin.user.id, "user")],
		["the admin's suspension", "impersonator_gone", (s) => suspend(s.owner, s.admin.user.id, { reason })],
		["the admin's off-boarding", "offboarded", (s) => offboard(s.owner, s.admin.user.id, reason)],
		["a forced logout of the person", "forced", (s) => forceLogoutEverywhere(s.owner, s.target.id)],
		["a change of the person's role", "impersonator_gone", (s) => changeRole(s.owner, s.target.id, "support")],
		["the person's suspension", "suspended", (s) => suspend(s.owner, s.target.id, { reason })],
		["the person's off-boarding", "offboarded", (s) => offboard(s.owner, s.target.id, reason)],
		["a forced logout of everyone", "forced_for_all", (s) => forceLogoutAll(s.owner)],
	];

	test.each(acts)("%s", async (_what, endReason, act) => {
		const scene = { owner: await signedIn("owner"), admin: await signedIn("admin"), target: await createUser() };
		const impersonation = await impersonationOf(scene.target, scene.admin);
		await act(scene);
		expect(await again(impersonation)).toBeNull();
		expect(await ended(impersonation)).toMatchObject({ endReason, impersonatorId: scene.admin.user.id });

		const filed = await db.execute(sql`select xmin from ended_sessions where id = ${impersonation.id}`);
		const recorded = await db.execute(sql`
			select xmin from audit_events where action <> 'impersonation.started' order by id desc limit 1
		`);
		expect(filed.rows).toEqual(recorded.rows);
	});

	test("signing out inside of it, which leaves nobody signed in", async () => {
		const admin = await signedIn("admin");
		const impersonation = await impersonationOf(await createUser(), admin);
		await signOut(impersonation);
		expect([await again(impersonation), await again(admin)]).toEqual([null, null]);
	});
});

describe("an impersonation that begins at the same moment as", () => {
	const acts: [what: string, act: (owner: TestSession, admin: TestSession, targetId: string) => Promise<unknown>][] = [
		["the admin's demotion", (owner, admin) => changeRole(owner, admin.user.id, "user")],
		["the admin's suspension", (owner, admin) => suspend(owner, admin.user.id, { reason })],
		["a forced logout of the admin's session", (owner, admin) => forceLogout(owner, [admin.id])],
		["the admin's sign-out", (_owner, admin) => signOut(admin)],
		["the person's suspension", (owner, _admin, id) => suspend(owner, id, { reason })],
		["the person's promotion", (owner, _admin, id) => changeRole(owner, id, "owner")],
	];

	test.each(acts)("%s is over or never began, twenty times over", async (_what, act) => {
		const owner = await signedIn("owner");
		for (let round = 0; round < 20; round++) {
			const [admin, target] = [await signedIn("admin"), await createUser()];
			const [started, other] = await Promise.allSettled([attempt(admin, target), act(owner, admin, target.id)]);
			expect(other.status).toBe("fulfilled");
			expect(await liveImpersonationsBy(admin.user)).toEqual([]);
			if (started.status === "fulfilled") expect(await findSession(started.value, admin.origin)).toBeNull();
			else expect(started.reason.code).toMatch(/^(session-ended|forbidden)$/);
		}
	});
});

describe("stopping", () => {
	test("ends it and leads back to the admin's own session", async () => {
		const admin = await signedIn("admin");
		const impersonation = await impersonationOf(await createUser(), admin);
		const tokens = await stopImpersonating(impersonation.tokens, impersonation);
		expect(tokens).toEqual(admin.tokens);
		expect(await findSession(tokens, admin.origin)).toMatchObject({ id: admin.id });
		expect(await again(impersonation)).toBeNull();
		expect(await ended(impersonation)).toMatchObject({
			endReason: "impersonation_stopped",
			endedById: admin.user.id,
		});
	});

	test("works as well when it is over already, and knows whose it was", async () => {
		const [admin, person] = [await signedIn("admin"), await createUser()];
		const impersonation = await impersonationOf(person, admin);
		expect(await impersonatedPerson(impersonation.tokens)).toBe(person.id);
		await forceLogoutEverywhere(admin, person.id);
		expect(await stopImpersonating(impersonation.tokens, null)).toEqual(admin.tokens);
		expect(await impersonatedPerson(impersonation.tokens)).toBe(person.id);
	});

	test("works when it ends in this very moment, and many times at once: it is recorded once", async () => {
		const admin = await signedIn("admin");
		const impersonation = await impersonationOf(await createUser(), admin);
		const stops = Array.from({ length: 8 }, () => stopImpersonating(impersonation.tokens, impersonation));
		for (const tokens of await Promise.all(stops)) expect(tokens).toEqual(admin.tokens);
		const events = await db
			.select()
			.from(auditEvents)
			.where(eq(auditEvents.sessionId, impersonation.id))
			.orderBy(auditEvents.id);
		expect(events.map(({ action }) => action)).toEqual(["impersonation.started", "impersonation.stopped"]);
	});

	test("is refused to those who impersonate nobody", async () => {
		const admin = await signedIn("admin");
		await expect(stopImpersonating(admin.tokens, admin)).rejects.toMatchObject({ code: "conflict" });
		expect(await impersonatedPerson(admin.tokens)).toBeNull();
		expect(await again(admin)).not.toBeNull();
	});
});
