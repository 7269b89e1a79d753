import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { connections, db } from "@/db/client";
import { auditEvents, endedSessions, links, sessions, users } from "@/db/schema";
import { suspend } from "@/lib/admin/suspension";
import type { Refusal } from "@/lib/errors";
import { addressOfLink, createLink } from "@/lib/links/links";
import { findSession } from "@/lib/session/lookup";
import { hashToken } from "@/lib/session/token";
import { takeMails, tokenMailed } from "@/lib/testing/mail";
import { createUser, impersonationOf, sessionOf } from "@/lib/testing/people";
import { askForOwnPassword, askForPasswordReset, resetPassword } from "./reset-password";
import { signIn } from "./sign-in";

const newPassword = "a quite different sentence";
let networks = 0;
/** Each test comes from a network of its own, so that none is throttled for another. */
const visitor = () => ({ ip: `198.51.100.${++networks}`, userAgent: null });

async function tokenFor(email: string): Promise<string> {
	await askForPasswordReset({ email }, visitor());
	return tokenMailed("reset-password", email);
}

const refused = (code: string) => expect.objectContaining({ code });

describe("a forgotten password", () => {
	test("is replaced by way of a link in a mail, which ends every session and signs nobody in", async () => {
		const alice = await createUser({ password: "correct horse battery" });
		const own = [await sessionOf(alice), await sessionOf(alice)];
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const impersonation = await impersonationOf(alice, owner);
		const bystander = await sessionOf(await createUser());

		const count = await resetPassword(await tokenFor(alice.email), { newPassword }, visitor());
		expect(count).toBe(3);
		for (const session of [...own, impersonation]) {
			const [ended] = await db.select().from(endedSessions).where(eq(endedSessions.id, session.id));
			expect(ended).toMatchObject({ endReason: "password_reset", endedById: alice.id });
		}
		expect(await db.select().from(sessions).where(eq(sessions.userId, alice.id))).toEqual([]);
		expect(await findSession(bystander.tokens, bystander.origin)).not.toBeNull();
		expect((await takeMails()).map(({ kind, to }) => [kind, to.email])).toEqual([["password-changed", alice.email]]);

		await expect(
			signIn({ email: alice.email, password: "correct horse battery" }, visitor(), null),
		).rejects.toMatchObject({ code: "invalid" });
		expect((await signIn({ email: alice.email, password: newPassword }, visitor(), null)).token).toBeTruthy();
	});

	test("ends with the impersonations that the person had opened themselves", async () => {
		const admin = await createUser({ role: "admin" });
		const impersonation = await impersonationOf(await createUser(), await sessionOf(admin));
		await resetPassword(await tokenFor(admin.email), { newPassword }, visitor());
		const [ended] = await db.select().from(endedSessions).where(eq(endedSessions.id, impersonation.id));
		expect(ended?.endReason).toBe("impersonator_gone");
		expect(await takeMails()).toHaveLength(1);
	});

	test("is asked for by whoever is signed in, for their own address, and not when their session is over", async () => {
		const alice = await sessionOf(await createUser());
		await askForOwnPassword(alice);
		expect(await takeMails()).toMatchObject([{ kind: "reset-password", to: { email: alice.user.email } }]);
		await db.delete(sessions).where(eq(sessions.id, alice.id));
		await expect(askForOwnPassword(alice)).rejects.toEqual(refused("session-ended"));
		expect(await takeMails()).toEqual([]);
	});

	test("sends nothing to an unknown address, nor to a suspended person, and refuses neither", async () => {
		const bob = await createUser();
		await suspend(await sessionOf(await createUser({ role: "owner" })), bob.id, { reason: "A test" });
		await askForPasswordReset({ email: bob.email }, visitor());
		await askForPasswordReset({ email: "nobody@example.com" }, visitor());
		expect(await takeMails()).toEqual([]);
	});

	test("leaves one question in the queue, the same for anyone, and nothing else", async () => {
		const alice = await createUser();
		const before = await db.$count(auditEvents);
		await askForPasswordReset({ email: alice.email }, visitor());
		await askForPasswordReset({ email: "nobody@example.com" }, visitor());
		const { rows } = await connections.query("select data->>'for' as what from pgboss.job where state = 'created'");
		expect(rows).toEqual([{ what: "password-reset" }, { what: "password-reset" }]);
		expect(await db.$count(auditEvents)).toBe(before);
		expect(await db.$count(links, eq(links.userId, alice.id))).toBe(0);
		await takeMails();
		const [event] = await db.select().from(auditEvents).where(eq(auditEvents.targetId, alice.id));
		expect(event).toMatchObject({ action: "password.reset_requested", actorLabel: "visitor" });
	});

	test("sends at most five mails an hour to one mailbox, wherever the questions come from", async () => {
		const alice = await createUser();
		for (let time = 0; time < 8; time++) await askForPasswordReset({ email: alice.email }, visitor());
		expect(await takeMails()).toHaveLength(5);
	});

	test("is asked for a hundred times an hour from one network, and no more", async () => {
		const network = { ip: "203.0.113.99", userAgent: null };
		const answers = await Promise.allSettled(
			Array.from({ length: 102 }, (_, index) => askForPasswordReset({ email: `n${index}@example.com` }, network)),
		);
		expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(2);
		await takeMails();
		await takeMails();
	});
});

describe("a link to a new password", () => {
	test("works once, also for ten at the same moment", async () => {
		const alice = await createUser();
		const token = await tokenFor(alice.email);
		const answers = await Promise.allSettled(
			Array.from({ length: 10 }, () => resetPassword(token, { newPassword }, visitor())),
		);
		expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		for (const answer of answers) {
			if (answer.status === "rejected") expect(answer.reason).toEqual(refused("not-found"));
		}
		const resets = (await db.select().from(auditEvents).where(eq(auditEvents.targetId, alice.id))).filter(
			({ action }) => action === "password.reset",
		);
		expect(resets).toHaveLength(1);
	});

	test("is stored as a hash alone, and its token stands nowhere in the database", async () => {
		const alice = await createUser();
		const token = await tokenFor(alice.email);
		const [link] = await db.select().from(links).where(eq(links.userId, alice.id));
		expect(link?.tokenHash).toEqual(hashToken(token));
		const { rows } = await connections.query("select to_jsonb(job)::text as text from pgboss.job");
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.filter(({ text }) => text.includes(token))).toEqual([]);
	});

	test("dies after an hour", async () => {
		const alice = await createUser();
		const token = await tokenFor(alice.email);
		const [link] = await db.select().from(links).where(eq(links.userId, alice.id));
		const lifetime = (link?.expiresAt.getTime() ?? 0) - Date.now();
		expect(lifetime).toBeGreaterThan(3_540_000);
		expect(lifetime).toBeLessThanOrEqual(3_600_000);
		await db.update(links).set({ expiresAt: new Date() }).where(eq(links.userId, alice.id));
		await expect(resetPassword(token, { newPassword }, visitor())).rejects.toEqual(refused("not-found"));
	});

	test("dies when another one was used, when the address changes, and when the person is suspended", async () => {
		const alice = await createUser();
		const [first, second] = [await tokenFor(alice.email), await tokenFor(alice.email)];
		await resetPassword(second, { newPassword }, visitor());
		await expect(resetPassword(first, { newPassword }, visitor())).rejects.toEqual(refused("not-found"));

		const third = await tokenFor(alice.email);
		await db.update(users).set({ email: "alice-moved@example.com" }).where(eq(users.id, alice.id));
		await expect(resetPassword(third, { newPassword }, visitor())).rejects.toEqual(refused("not-found"));

		const bob = await createUser();
		const his = await tokenFor(bob.email);
		await suspend(await sessionOf(await createUser({ role: "owner" })), bob.id, { reason: "A test" });
		await expect(resetPassword(his, { newPassword }, visitor())).rejects.toEqual(refused("not-found"));
	});

	test.each([[null], [""], ["garbage"], ["A".repeat(43)]])("does not work when it is made up: %s", async (token) => {
		await expect(resetPassword(token, { newPassword }, visitor())).rejects.toEqual(refused("not-found"));
	});

	test("is refused for every other purpose, and theirs for this one", async () => {
		const alice = await createUser();
		for (const purpose of ["email_verification", "email_change", "email_change_undo", "sign_in_disowning"] as const) {
			const id = await db.transaction((tx) => createLink(tx, { purpose, userId: alice.id, email: alice.email }));
			const token = (await addressOfLink(id))?.split("/").at(-1) ?? null;
			await expect(resetPassword(token, { newPassword }, visitor()), purpose).rejects.toEqual(refused("not-found"));
		}
	});

	test("calls a change of address off that somebody else began", async () => {
		const alice = await createUser();
		const pending = { purpose: "email_change", userId: alice.id, email: "mallory@example.com" } as const;
		await db.transaction((tx) => createLink(tx, pending));
		await resetPassword(await tokenFor(alice.email), { newPassword }, visitor());
		expect(await db.$count(links, eq(links.userId, alice.id))).toBe(0);
	});
});

test("a sign-in with the old password that runs while the password is reset leaves no session", async () => {
	for (let round = 0; round < 10; round++) {
		const alice = await createUser({ password: "correct horse battery" });
		const token = await tokenFor(alice.email);
		const [, signedIn] = await Promise.allSettled([
			resetPassword(token, { newPassword }, visitor()),
			signIn({ email: alice.email, password: "correct horse battery" }, visitor(), null),
		]);
		if (signedIn.status === "rejected") expect((signedIn.reason as Refusal).code).toBe("invalid");
		expect(await db.select().from(sessions).where(eq(sessions.userId, alice.id))).toEqual([]);
	}
});
