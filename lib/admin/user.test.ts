import { expect, test } from "vitest";
import { createUser, sessionOf } from "@/lib/testing/people";
import { reactivate, suspend } from "./suspension";
import { findUser } from "./user";

test.each(["", "1", "nonsense", "\u0000", "%", crypto.randomUUID(), "a".repeat(10_000)])("%j is nobody", async (id) => {
	expect(await findUser(id)).toBeNull();
});

test("a person is found with their status and their presence, and nothing that is secret", async () => {
	const alice = await createUser({ password: "correct horse battery staple" });
	const session = await sessionOf(alice);
	const found = await findUser(alice.id);
	expect(found).toMatchObject({ ...alice, status: "active", sessions: 1, lastSeenAt: session.lastSeenAt });
	expect(found?.suspension).toBeNull();
	expect(JSON.stringify(found)).not.toMatch(/argon2|hash|token/i);
});

test("a suspension says by whom, why and until when, and nothing once it is over", async () => {
	const owner = await sessionOf(await createUser({ role: "owner", name: "Olivia" }));
	const { id } = await createUser();
	const until = new Date(Date.now() + 3_600_000);
	await suspend(owner, id, { reason: "Chargeback", until });
	expect((await findUser(id))?.suspension).toMatchObject({
		reason: "Chargeback",
		until,
		by: { id: owner.user.id, label: expect.stringContaining("Olivia") },
		offboarding: null,
	});
	await reactivate(owner, id);
	expect(await findUser(id)).toMatchObject({ status: "active", suspension: null });
});
