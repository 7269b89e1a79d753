import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, endedSessions, links, sessions, users } from "@/db/schema";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { findSession } from "@/lib/session/lookup";
import { proveIdentity } from "@/lib/session/proof";
import { takeMails, tokenMailed } from "@/lib/testing/mail";
import { createUser, impersonationOf, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import {
	askForEmailChange,
	cancelEmailChange,
	confirmEmailChange,
	pendingEmail,
	undoEmailChange,
} from "./change-email";
import { signIn } from "./sign-in";
import { signUp, signUpSchema } from "./sign-up";

const password = "correct horse battery";
let networks = 0;
const visitor = () => ({ ip: `198.51.100.${++networks}`, userAgent: null });
let count = 0;
const fresh = () => `moved-${++count}@example.com`;

/** Somebody who asked for another address, and the token that was mailed to it. */
async function asking(email = fresh()): Promise<{ session: TestSession; token: string; email: string }> {
	const session = await sessionOf(await createUser({ password }));
	await askForEmailChange(session, { newEmail: email });
	return { session, email, token: await tokenMailed("confirm-email-change", email) };
}

const addressOf = async (id: string) => (await db.select().from(users).where(eq(users.id, id)))[0]?.email;
const endOf = async (id: string) => (await db.select().from(endedSessions).where(eq(endedSessions.id, id)))[0];

describe("a change of address", () => {
	test("is proved at the new one, ends every other session, and is told to the old one", async () => {
		const { session, token, email } = await asking();
		const other = await sessionOf(session.user);
		expect(await addressOf(session.user.id)).toBe(session.user.email);
		expect(await pendingEmail(session)).toBe(email);

		expect(await confirmEmailChange(token, visitor())).toBe(1);
		expect(await addressOf(session.user.id)).toBe(email);
		expect(await endOf(other.id)).toMatchObject({ endReason: "email_changed" });
		expect(await findSession(session.tokens, session.origin)).not.toBeNull();
		expect(await pendingEmail(session)).toBeNull();
		expect(await takeMails()).toMatchObject([
			{ kind: "email-changed", to: { email: session.user.email }, newEmail: email, token: expect.any(String) },
		]);
		await expect(confirmEmailChange(token, visitor())).rejects.toMatchObject({ code: "not-found" });
	});

	test("to an address that somebody has is asked for like any other, and the unique index refuses it", async () => {
		const alice = await createUser();
		const { session, token } = await asking(alice.email);
		await expect(confirmEmailChange(token, visitor())).rejects.toMatchObject({ code: "conflict" });
		expect(await addressOf(session.user.id)).toBe(session.user.email);
	});

	test("to an address with which somebody signed up without proving it takes it from them, and ends impersonations of them", async () => {
		const email = fresh();
		await signUp(signUpSchema.parse({ name: "Mallory", email, password }), visitor());
		const [squatter] = await db.select({ id: users.id }).from(users).where(eq(users.email, email));
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const impersonation = await impersonationOf({ id: squatter?.id ?? "" }, admin);
		const { session, token } = await asking(email);
		await confirmEmailChange(token, visitor());
		expect(await addressOf(session.user.id)).toBe(email);
		expect(await addressOf(squatter?.id ?? "")).toBeUndefined();
		expect(await endOf(impersonation.id)).toMatchObject({ endReason: "deleted" });
		await takeMails();
	});

	test("is called off by the next proof of who one is: whoever had copied the cookie loses the link with it", async () => {
		const { session, token } = await asking();
		await proveIdentity(session, { password });
		await expect(confirmEmailChange(token, visitor())).rejects.toMatchObject({ code: "not-found" });
		expect(await addressOf(session.user.id)).toBe(session.user.email);
	});

	test("of two people to one address at the same moment succeeds for one", async () => {
		const email = fresh();
		const [one, two] = [await asking(email), await asking(email)];
		const answers = await Promise.allSettled([
			confirmEmailChange(one.token, visitor()),
			confirmEmailChange(two.token, visitor()),
		]);
		expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
		expect(await db.$count(users, eq(users.email, email))).toBe(1);
		await takeMails();
	});

	test("asked for in a session that was forced out meanwhile comes to nothing", async () => {
		const { session, token } = await asking();
		await forceLogoutEverywhere(await sessionOf(await createUser({ role: "owner" })), session.user.id);
		await expect(confirmEmailChange(token, visitor())).rejects.toMatchObject({ code: "not-found" });
		expect(await addressOf(session.user.id)).toBe(session.user.email);
	});

	test("is called off by its person, and by asking for another one", async () => {
		const { session, token } = await asking();
		await cancelEmailChange(session);
		await expect(confirmEmailChange(token, visitor())).rejects.toMatchObject({ code: "not-found" });
		const [first, second] = [fresh(), fresh()];
		await askForEmailChange(session, { newEmail: first });
		const old = await tokenMailed("confirm-email-change", first);
		await askForEmailChange(session, { newEmail: second });
		await expect(confirmEmailChange(old, visitor())).rejects.toMatchObject({ code: "not-found" });
		await confirmEmailChange(await tokenMailed("confirm-email-change", second), visitor());
		expect(await addressOf(session.user.id)).toBe(second);
		await takeMails();
	});

	test("takes a fresh proof, and is out of reach while impersonating", async () => {
		const session = await sessionOf(await createUser());
		await letProofAge(session);
		await expect(askForEmailChange(session, { newEmail: fresh() })).rejects.toMatchObject({ code: "proof-required" });
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const impersonation = await impersonationOf(await createUser(), owner);
		await expect(askForEmailChange(impersonation, { newEmail: fresh() })).rejects.toMatchObject({ code: "forbidden" });
		expect(await takeMails()).toEqual([]);
	});

	test("is mailed to one address five times an hour at most, whoever asks", async () => {
		const victim = fresh();
		const answers = await Promise.allSettled(
			Array.from({ length: 7 }, async () =>
				askForEmailChange(await sessionOf(await createUser()), { newEmail: victim }),
			),
		);
		expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(2);
		await takeMails();
	});
});

describe("the link that undoes it", () => {
	test("restores the address, ends every session, and starts a reset without which nobody gets in", async () => {
		const { session, token, email } = await asking();
		const before = session.user.email;
		await confirmEmailChange(token, visitor());
		const undo = await tokenMailed("email-changed", before);
		await undoEmailChange(undo, visitor());
		expect(await addressOf(session.user.id)).toBe(before);
		expect(await db.$count(sessions, eq(sessions.userId, session.user.id))).toBe(0);
		expect(await endOf(session.id)).toMatchObject({ endReason: "email_changed" });
		expect(await takeMails()).toMatchObject([{ kind: "reset-password", because: "undone", to: { email: before } }]);
		for (const address of [before, email]) {
			await expect(signIn({ email: address, password }, visitor(), null)).rejects.toMatchObject({ code: "invalid" });
		}
		const actions = (await db.select().from(auditEvents).where(eq(auditEvents.targetId, session.user.id))).map(
			({ action }) => action,
		);
		expect(actions).toEqual(expect.arrayContaining(["email.change_requested", "email.changed", "email.change_undone"]));
		await expect(undoEmailChange(undo, visitor())).rejects.toMatchObject({ code: "not-found" });
	});

	test("cannot be stopped by signing up with the old address meanwhile", async () => {
		const { session, token } = await asking();
		await confirmEmailChange(token, visitor());
		const undo = await tokenMailed("email-changed", session.user.email);
		await signUp(signUpSchema.parse({ name: "Mallory", email: session.user.email, password }), visitor());
		await undoEmailChange(undo, visitor());
		expect(await addressOf(session.user.id)).toBe(session.user.email);
		await takeMails();
	});

	test("wins over every later change: a thief cannot chain two of them to keep the account", async () => {
		const { session, token, email } = await asking();
		await confirmEmailChange(token, visitor());
		const owners = await tokenMailed("email-changed", session.user.email);
		const second = fresh();
		const thief = { ...session, user: { ...session.user, email } };
		await askForEmailChange(thief, { newEmail: second });
		await confirmEmailChange(await tokenMailed("confirm-email-change", second), visitor());
		const thiefs = await tokenMailed("email-changed", email);

		await undoEmailChange(thiefs, visitor());
		await undoEmailChange(owners, visitor());
		expect(await addressOf(session.user.id)).toBe(session.user.email);
		expect(
			(await db.select().from(links).where(eq(links.userId, session.user.id))).map(({ purpose }) => purpose),
		).toEqual(["password_reset"]);
		await takeMails();
	});
});
