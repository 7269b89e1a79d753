import { and, eq, isNull } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, endedSessions, identities, sessions, users } from "@/db/schema";
import type { RequestOrigin } from "@/lib/request/origin";
import { findSession, type Session } from "@/lib/session/lookup";
import { takeMails, tokenMailed } from "@/lib/testing/mail";
import { createUser, impersonationOf, sessionOf } from "@/lib/testing/people";
import { askForEmailChange } from "./change-email";
import { disownSignIn, signInToDisown } from "./new-device";
import { resetPassword } from "./reset-password";
import { signIn } from "./sign-in";

const password = "correct horse battery";
const CHROME =
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const home: RequestOrigin = { ip: "2001:db8:1:2::1", userAgent: CHROME };

beforeEach(async () => {
	await takeMails();
});

async function noticesAfter(email: string, origin: RequestOrigin): Promise<number> {
	await signIn({ email, password }, origin, null);
	return (await takeMails()).filter(({ kind, to }) => kind === "new-device" && to.email === email).length;
}

test("a sign-in is told of when browser, system or network are new together, and not otherwise", async () => {
	const { email } = await createUser({ password });
	expect(await noticesAfter(email, home), "the first of all").toBe(0);
	expect(await noticesAfter(email, home), "the same again").toBe(0);
	expect(await noticesAfter(email, { ...home, ip: "2001:db8:1:2:ffff::9" }), "the same /64").toBe(0);
	expect(await noticesAfter(email, { ...home, userAgent: FIREFOX }), "another browser").toBe(1);
	expect(await noticesAfter(email, { ...home, ip: "203.0.113.8" }), "another network").toBe(1);
	expect(await noticesAfter(email, { ...home, ip: "203.0.113.8" }), "that network again").toBe(0);
});

test("what was used in a session that is over is known, and an admin's impersonation makes nothing known", async () => {
	const alice = await createUser({ password });
	const { token } = await signIn({ email: alice.email, password }, home, null);
	await signIn({ email: alice.email, password }, home, { token });
	expect(await db.$count(endedSessions, eq(endedSessions.userId, alice.id))).toBe(1);
	expect(await noticesAfter(alice.email, home)).toBe(0);
});

test("whoever knows the password cannot fill the mailbox with notices", async () => {
	const alice = await createUser({ password });
	await signIn({ email: alice.email, password }, home, null);
	let notices = 0;
	for (let host = 1; host <= 8; host++)
		notices += await noticesAfter(alice.email, { ...home, ip: `203.0.113.${host}` });
	expect(notices).toBe(5);
});

test("“This wasn't me” ends that session and the password, starts a reset, and works once", async () => {
	const alice = await createUser({ password });
	const mine = await sessionOf(alice, home);
	const origin = { ip: "203.0.113.66", userAgent: FIREFOX };
	const stranger = await signIn({ email: alice.email, password }, origin, null);
	const token = await tokenMailed("new-device", alice.email);
	expect(await signInToDisown(token)).toMatchObject({ device: "Firefox on Linux", ip: "203.0.113.66", over: false });
	expect(await findSession(stranger, origin), "looking changes nothing").not.toBeNull();

	await disownSignIn(token, home);
	expect(await findSession(stranger, origin)).toBeNull();
	expect(await findSession(mine.tokens, home)).not.toBeNull();
	const [ended] = await db.select().from(endedSessions).where(eq(endedSessions.userId, alice.id));
	expect(ended).toMatchObject({ endReason: "disowned", endedById: alice.id });
	expect(await takeMails()).toMatchObject([
		{ kind: "reset-password", because: "disowned", to: { email: alice.email } },
	]);
	await expect(signIn({ email: alice.email, password }, origin, null)).rejects.toMatchObject({ code: "invalid" });
	const events = await db.select().from(auditEvents).where(eq(auditEvents.targetId, alice.id));
	expect(events.map(({ action }) => action)).toContain("session.disowned");
	await expect(disownSignIn(token, home)).rejects.toMatchObject({ code: "not-found" });
	expect(await signInToDisown(token)).toBeNull();
});

test("“This wasn't me” also ends what was begun since, and then not even a link to a first password keeps an identity", async () => {
	const alice = await createUser({ password });
	await sessionOf(alice, home);
	const origin = { ip: "203.0.113.68", userAgent: FIREFOX };
	await signIn({ email: alice.email, password }, origin, null);
	const token = await tokenMailed("new-device", alice.email);
	const again = await signIn({ email: alice.email, password }, origin, null);
	expect(
		(await takeMails()).filter(({ kind }) => kind === "new-device"),
		"the device is known by now",
	).toEqual([]);
	const admin = await sessionOf(await createUser({ role: "admin" }));
	const impersonation = await impersonationOf(alice, admin);
	await disownSignIn(token, home);
	expect(await findSession(again, origin)).toBeNull();
	expect(await findSession(impersonation.tokens, impersonation.origin), "an admin's is no stranger's").not.toBeNull();

	// Whoever was in before, and was not noticed.
	const identity = {
		userId: alice.id,
		issuer: "https://elsewhere.example.com",
		subject: "mallory",
		provider: "elsewhere",
	};
	await db.insert(identities).values(identity);
	const reset = await tokenMailed("reset-password", alice.email);
	await resetPassword(reset, { newPassword: "a quite different sentence" }, home);
	expect(await db.$count(identities, and(eq(identities.userId, alice.id), isNull(identities.unlinkedAt)))).toBe(0);
});

test("in a session that stays after “This wasn't me” nothing is done any more that takes a proof", async () => {
	const alice = await createUser({ password });
	const earlier = await sessionOf(alice, home);
	await signIn({ email: alice.email, password }, { ip: "203.0.113.69", userAgent: FIREFOX }, null);
	await disownSignIn(await tokenMailed("new-device", alice.email), home);
	const now = await findSession(earlier.tokens, home);
	expect(now).not.toBeNull();
	await expect(askForEmailChange(now as Session, { newEmail: "mallory@example.com" })).rejects.toMatchObject({
		code: "proof-required",
	});
});

test("a sign-in that is over already can still be disowned, and an address that was changed meanwhile cannot be used", async () => {
	const alice = await createUser({ password });
	await sessionOf(alice, home);
	await signIn({ email: alice.email, password }, { ip: "203.0.113.67", userAgent: FIREFOX }, null);
	const token = await tokenMailed("new-device", alice.email);
	await db.update(users).set({ email: "somebody-else@example.com" }).where(eq(users.id, alice.id));
	await expect(disownSignIn(token, home)).rejects.toMatchObject({ code: "not-found" });
	await db.update(users).set({ email: alice.email }).where(eq(users.id, alice.id));
	await db.delete(sessions).where(eq(sessions.userId, alice.id));
	await disownSignIn(token, home);
	expect((await db.select().from(users).where(eq(users.id, alice.id)))[0]?.passwordHash).toBeNull();
});
