import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, sessions, users } from "@/db/schema";
import { changePassword } from "@/lib/accounts/profile";
import { changeRole } from "@/lib/admin/roles";
import { impersonate } from "@/lib/impersonation/impersonate";
import { createUser, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import type { SessionTokens } from "./cookie";
import { fenced } from "./fence";
import { findSession, type Session } from "./lookup";
import { proveIdentity } from "./proof";

const password = "three unrelated words";
const next = "four other unrelated words";

let owner: TestSession;
beforeEach(async () => {
	owner = await sessionOf(await createUser({ role: "owner", password }));
});

const again = (tokens: SessionTokens) => findSession(tokens, owner.origin);
const isOver = { code: "session-ended" };

/** Everything that gives this session a new token. */
const rotations: [string, () => Promise<SessionTokens>][] = [
	["a fresh proof", () => proveIdentity(owner, { password })],
	[
		"a change of the password",
		async () => (await changePassword(owner, { currentPassword: password, newPassword: next })).tokens,
	],
];

describe.each(rotations)("%s", (_what, rotate) => {
	test("replaces the session's token: the cookie that was good before opens nothing, the new one the same session", async () => {
		const tokens = await rotate();
		expect(await again(owner.tokens)).toBeNull();
		expect(await again(tokens)).toMatchObject({ id: owner.id });
	});

	test("shuts out a request that began with the old token, as a thief's would who waited for it", async () => {
		const alice = await createUser();
		await letProofAge(owner);
		await rotate();
		await expect(changeRole(owner, alice.id, "owner")).rejects.toMatchObject(isOver);
		await expect(impersonate(owner, owner.tokens, alice.id, { reason: "Mine now" })).rejects.toMatchObject(isOver);
		await expect(fenced(owner, "profile.change", async () => "done")).rejects.toMatchObject(isOver);
	});

	test("counts as the proof that the next act asks for", async () => {
		const alice = await createUser();
		await letProofAge(owner);
		const proven = (await again(await rotate())) as Session;
		await changeRole(proven, alice.id, "support");
	});
});

test("of many proofs at once with the same token one succeeds, and its cookie is the good one", async () => {
	const proofs = await Promise.allSettled(Array.from({ length: 6 }, () => proveIdentity(owner, { password })));
	const won = proofs.filter((proof) => proof.status === "fulfilled");
	expect(won).toHaveLength(1);
	expect(await again(won[0]?.value as SessionTokens)).toMatchObject({ id: owner.id });
	for (const proof of proofs) if (proof.status === "rejected") expect(proof.reason).toMatchObject(isOver);
	const events = await db.select().from(auditEvents).where(eq(auditEvents.sessionId, owner.id));
	expect(events.map(({ action }) => action)).toEqual(["session.proven"]);
});

test("a wrong password where one is asked for again is on record, and nothing of what was typed", async () => {
	await expect(proveIdentity(owner, { password: "a typed secret" })).rejects.toMatchObject({ code: "invalid" });
	const change = changePassword(owner, { currentPassword: "a typed secret", newPassword: next });
	await expect(change).rejects.toMatchObject({ code: "invalid" });
	const events = await db.select().from(auditEvents).where(eq(auditEvents.sessionId, owner.id));
	expect(events.map(({ action }) => action)).toEqual(["session.proof_failed", "session.proof_failed"]);
	expect(JSON.stringify(events)).not.toContain("a typed secret");
});

test("of somebody whose session ended or whose account was deleted meanwhile no password is wrong, and nothing is written", async () => {
	const events = () => db.select().from(auditEvents).where(eq(auditEvents.action, "session.proof_failed"));
	const before = await events();
	for (const isDeleted of [false, true]) {
		const person = await sessionOf(await createUser({ password }));
		await db.delete(sessions).where(eq(sessions.id, person.id));
		if (isDeleted) await db.delete(users).where(eq(users.id, person.user.id));
		const change = changePassword(person, { currentPassword: "a typed secret", newPassword: next });
		await expect(change).rejects.toMatchObject(isOver);
		await expect(proveIdentity(person, { password: "a typed secret" })).rejects.toMatchObject(isOver);
	}
	expect(await events()).toEqual(before);
});
