import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { signIn } from "@/lib/accounts/sign-in";
import { signUp, signUpSchema } from "@/lib/accounts/sign-up";
import { createUser, impersonationOf, sessionOf } from "@/lib/testing/people";
import { createOwner, listSessionsOf, listSignedIn } from "./command-line";

const operator = { operator: "A test" };
const origin = { ip: "198.51.100.7", userAgent: null };
const password = "correct horse battery";

test("the operator's owner signs in, also where a stranger had signed up with the address", async () => {
	const email = "you@example.com";
	await signUp(signUpSchema.parse({ name: "Mallory", email, password: "a stranger's sentence" }), origin);
	await createOwner(operator, { name: "You", email, password });
	expect(await db.select({ name: users.name, role: users.role }).from(users).where(eq(users.email, email))).toEqual([
		{ name: "You", role: "owner" },
	]);
	await expect(signIn({ email, password }, origin, null)).resolves.toHaveProperty("token");
});

test("an address that somebody proved stays theirs", async () => {
	const alice = await createUser({ email: "taken@example.com" });
	const created = createOwner(operator, { name: "You", email: alice.email, password });
	await expect(created).rejects.toMatchObject({ code: "conflict" });
	expect(await db.$count(users, eq(users.id, alice.id))).toBe(1);
});

test("a person's list has the sessions that are live, and says who is behind one that is not theirs", async () => {
	const [alice, admin] = [await createUser(), await createUser({ role: "admin" })];
	const [own, idle, over] = [await sessionOf(alice), await sessionOf(alice), await sessionOf(alice)];
	const impersonation = await impersonationOf(alice, await sessionOf(admin));
	const [longAgo, before] = [new Date(0), new Date(Date.now() - 1_000)];
	await db.update(sessions).set({ lastSeenAt: longAgo }).where(eq(sessions.id, idle.id));
	await db.update(sessions).set({ expiresAt: before }).where(eq(sessions.id, over.id));
	const listed = (await listSessionsOf(alice.id)).map(({ id, impersonator }) => ({ id, impersonator }));
	expect(listed).toEqual([
		{ id: impersonation.id, impersonator: admin.email },
		{ id: own.id, impersonator: null },
	]);
});

test("the list of who is signed in says how many more there are", async () => {
	await db.delete(sessions);
	const [alice, bob, carol] = [await createUser(), await createUser(), await createUser()];
	for (const person of [alice, bob, carol, alice]) await sessionOf(person);
	expect(await listSignedIn(2)).toMatchObject({
		people: [
			{ email: alice.email, sessions: 2 },
			{ email: carol.email, sessions: 1 },
		],
		more: 1,
	});
	expect(await listSignedIn()).toMatchObject({ people: { length: 3 }, more: 0 });
});
