import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { signIn } from "@/lib/accounts/sign-in";
import { signUp, signUpSchema } from "@/lib/accounts/sign-up";
import { createUser } from "@/lib/testing/people";
import { createOwner } from "./command-line";

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
