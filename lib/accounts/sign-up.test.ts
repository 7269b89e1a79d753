import { eq, inArray } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, sessions, users } from "@/db/schema";
import { findSession } from "@/lib/session/lookup";
import { sweep } from "@/lib/session/sweep";
import { takeMails, tokenMailed } from "@/lib/testing/mail";
import { createUser, sessionOf } from "@/lib/testing/people";
import { signIn } from "./sign-in";
import { signUp, signUpSchema } from "./sign-up";
import { verifyEmail } from "./verify-email";

const password = "correct horse battery";
let networks = 0;
const newcomer = () => ({ ip: `198.51.100.${++networks}`, userAgent: null });
const input = (email: string) => signUpSchema.parse({ name: "Zoë", email, password });

describe("signing up", () => {
	test("mails a link, and with it and the password the first session begins", async () => {
		const origin = newcomer();
		await signUp(input("zoe@example.com"), origin);
		const token = await tokenMailed("verify-email", "zoe@example.com");
		const mallory = await sessionOf(await createUser());
		const tokens = await verifyEmail(token, { password }, origin, mallory.tokens);
		expect((await findSession(tokens, origin))?.user).toMatchObject({ name: "Zoë", role: "user" });
		expect(await findSession(mallory.tokens, mallory.origin)).toBeNull();
		await expect(verifyEmail(token, { password }, origin, null)).rejects.toMatchObject({ code: "not-found" });
		expect((await signIn({ email: "zoe@example.com", password }, origin, null)).token).toBeTruthy();
	});

	test("twenty at once with one address make one account, and the others hear the same", async () => {
		const origin = newcomer();
		const answers = await Promise.allSettled(
			Array.from({ length: 20 }, (_, index) =>
				signUp(input(index % 2 ? "Twenty@Example.com" : "twenty@example.com "), origin),
			),
		);
		expect(answers.filter(({ status }) => status === "rejected")).toEqual([]);
		expect(await db.$count(users, eq(users.email, "twenty@example.com"))).toBe(1);
		// And nobody is flooded.
		const mails = await takeMails();
		expect(mails.map(({ kind }) => kind)).toEqual(Array(5).fill("verify-email"));
	});

	test("with a taken address changes nothing, leaves no session, and tells the owner alone", async () => {
		const alice = await createUser({ password: "another sentence" });
		await signUp(input(alice.email), newcomer());
		expect(await takeMails()).toMatchObject([{ kind: "already-registered", to: { email: alice.email }, link: null }]);
		await expect(signIn({ email: alice.email, password }, newcomer(), null)).rejects.toMatchObject({ code: "invalid" });
		expect(await db.select().from(sessions).where(eq(sessions.userId, alice.id))).toEqual([]);
	});

	test("writes as many rows for a taken address as for a free one, but for the account itself", async () => {
		const alice = await createUser();
		await signUp(input("free@example.com"), newcomer());
		await signUp(input(alice.email), newcomer());
		const actions = ["account.created", "sign_up.refused"];
		const events = await db.select().from(auditEvents).where(inArray(auditEvents.action, actions));
		expect(
			events
				.slice(-2)
				.map(({ action }) => action)
				.sort(),
		).toEqual(actions);
		await takeMails();
	});
});

describe("a link that verifies an address", () => {
	test("is of no use without the password of whoever signed up", async () => {
		await signUp(input("planted@example.com"), newcomer());
		const token = await tokenMailed("verify-email", "planted@example.com");
		await expect(verifyEmail(token, { password: "not it" }, newcomer(), null)).rejects.toMatchObject({
			code: "invalid",
			fields: { password: [expect.any(String)] },
		});
		const [row] = await db.select().from(users).where(eq(users.email, "planted@example.com"));
		expect(row?.emailVerifiedAt).toBeNull();
	});

	test("begins one session, also when it is used ten times at once", async () => {
		await signUp(input("ten@example.com"), newcomer());
		const token = await tokenMailed("verify-email", "ten@example.com");
		const answers = await Promise.allSettled(
			Array.from({ length: 10 }, () => verifyEmail(token, { password }, newcomer(), null)),
		);
		expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		const [row] = await db.select().from(users).where(eq(users.email, "ten@example.com"));
		expect(await db.$count(sessions, eq(sessions.userId, row?.id ?? ""))).toBe(1);
	});
});

test("an account that nobody verified is forgotten after two weeks, and its address is free again", async () => {
	await signUp(input("forgotten@example.com"), newcomer());
	const old = { createdAt: new Date(Date.now() - 15 * 86_400_000) };
	await db.update(users).set(old).where(eq(users.email, "forgotten@example.com"));
	const alice = await createUser();
	await db.update(users).set(old).where(eq(users.id, alice.id));
	const owner = await createUser({ role: "owner" });
	await db
		.update(users)
		.set({ ...old, emailVerifiedAt: null })
		.where(eq(users.id, owner.id));
	await sweep();
	expect(await db.$count(users, eq(users.id, owner.id)), "whom somebody gave a role").toBe(1);
	expect(await db.$count(users, eq(users.email, "forgotten@example.com"))).toBe(0);
	expect(await db.$count(users, eq(users.id, alice.id))).toBe(1);
});
