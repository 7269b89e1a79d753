import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, endedSessions, sessions, users } from "@/db/schema";
import { suspend } from "@/lib/admin/suspension";
import { Refusal } from "@/lib/errors";
import { findSession } from "@/lib/session/lookup";
import { proveIdentity } from "@/lib/session/proof";
import { createUser, sessionOf } from "@/lib/testing/people";
import { changePassword } from "./profile";
import { signIn } from "./sign-in";
import { signUp, signUpSchema } from "./sign-up";

const password = "correct horse battery";
let networks = 0;
/** Each test comes from a network of its own, so that none is throttled for another. */
const newcomer = () => ({ ip: `198.51.100.${++networks}`, userAgent: null });

describe("signing in", () => {
	test("gives the token of a live session", async () => {
		const alice = await createUser({ password });
		const origin = newcomer();
		const tokens = await signIn({ email: alice.email, password }, origin, null);
		expect((await findSession(tokens, origin))?.user).toEqual(alice);
	});

	test("gives a new token every time, and ends the session that the browser came with", async () => {
		const alice = await createUser({ password });
		const mallory = await sessionOf(await createUser());
		const tokens = await signIn({ email: alice.email, password }, newcomer(), mallory.tokens);
		expect(tokens.token).not.toBe(mallory.tokens.token);
		expect(await findSession(mallory.tokens, mallory.origin)).toBeNull();
		const [ended] = await db.select().from(endedSessions).where(eq(endedSessions.id, mallory.id));
		expect(ended).toMatchObject({ endReason: "replaced", endedById: alice.id });
	});

	test("refuses a wrong password, an unknown address and a suspended person in the same words", async () => {
		const alice = await createUser({ password });
		const bob = await createUser({ password });
		await db.update(users).set({ suspendedAt: new Date() }).where(eq(users.id, bob.id));
		const answers = await Promise.allSettled([
			signIn({ email: alice.email, password: "wrong" }, newcomer(), null),
			signIn({ email: "nobody@example.com", password }, newcomer(), null),
			signIn({ email: bob.email, password }, newcomer(), null),
		]);
		const reasons = answers.map((answer) => (answer as PromiseRejectedResult).reason as Refusal);
		expect(new Set(reasons.map((reason) => `${reason.code} ${reason.message}`)).size).toBe(1);
		expect(reasons[0]).toMatchObject({ code: "invalid" });
	});

	test("knows a password whichever way its accents were typed", async () => {
		const alice = await createUser({ password: "cr\u00e8me br\u00fbl\u00e9e" });
		await signIn({ email: alice.email, password: "cre\u0300me bru\u0302le\u0301e" }, newcomer(), null);
		const folded = signIn({ email: alice.email, password: "creme brulee" }, newcomer(), null);
		await expect(folded).rejects.toMatchObject({ code: "invalid" });
	});

	test("leaves an audit event for a failure that names the account, and never what was typed", async () => {
		const alice = await createUser({ password });
		await expect(signIn({ email: alice.email, password: "a typed secret" }, newcomer(), null)).rejects.toThrow(Refusal);
		const events = await db.select().from(auditEvents).where(eq(auditEvents.targetId, alice.id));
		expect(events).toMatchObject([{ action: "sign_in.failed", actorLabel: "visitor" }]);
		expect(JSON.stringify(events)).not.toContain("a typed secret");
	});

	test("and being suspended at the same moment leaves no session, whichever comes first", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		for (let round = 0; round < 10; round++) {
			const alice = await createUser({ password });
			await Promise.allSettled([
				signIn({ email: alice.email, password }, newcomer(), null),
				suspend(owner, alice.id, { reason: "A race" }),
			]);
			expect(await db.select().from(sessions).where(eq(sessions.userId, alice.id))).toEqual([]);
		}
	});
});

describe("throttling", () => {
	const guess = (email: string, ip: string) =>
		signIn({ email, password: "wrong" }, { ip, userAgent: null }, null).catch((error: Refusal) => error.code);

	test("stops guesses at one account from one network, without telling whether the account exists", async () => {
		const alice = await createUser({ password });
		for (const email of [alice.email, "nobody-at-all@example.com"]) {
			const ip = newcomer().ip;
			const codes = await Promise.all(Array.from({ length: 12 }, () => guess(email, ip)));
			expect(codes.filter((code) => code === "invalid")).toHaveLength(10);
			expect(codes.filter((code) => code === "too-many-attempts")).toHaveLength(2);
		}
	});

	test("takes a whole /64 for one network", async () => {
		const { email } = await createUser({ password });
		for (let host = 1; host <= 10; host++) await guess(email, `2001:db8:1:2::${host}`);
		expect(await guess(email, "2001:db8:1:2:ffff::1")).toBe("too-many-attempts");
		expect(await guess(email, "2001:db8:1:3::1")).toBe("invalid");
	});

	test("stops a botnet, and lets the owner in from a network where they were before", async () => {
		const alice = await createUser({ password });
		await sessionOf(alice, { ip: "203.0.113.7" });
		for (let bot = 0; bot < 50; bot++) await guess(alice.email, `10.1.${bot}.1`);
		expect(await guess(alice.email, "10.1.99.1")).toBe("too-many-attempts");
		const tokens = await signIn({ email: alice.email, password }, { ip: "203.0.113.7", userAgent: null }, null);
		expect(tokens.token).toBeTruthy();
	});

	test("counts a suspended person's right password like a wrong one, and tells nobody that it was right", async () => {
		const alice = await createUser({ password });
		await db.update(users).set({ suspendedAt: new Date() }).where(eq(users.id, alice.id));
		const origin = newcomer();
		const rightPassword = () => signIn({ email: alice.email, password }, origin, null);
		for (let time = 0; time < 10; time++) await expect(rightPassword()).rejects.toMatchObject({ code: "invalid" });
		await expect(rightPassword()).rejects.toMatchObject({ code: "too-many-attempts" });
	});

	test("leaves one audit event for each limit that is reached, however many attempts follow", async () => {
		const alice = await createUser({ password });
		const { ip } = newcomer();
		await Promise.all(Array.from({ length: 40 }, () => guess(alice.email, ip)));
		const events = await db
			.select()
			.from(auditEvents)
			.where(and(eq(auditEvents.targetId, alice.id), eq(auditEvents.action, "password.throttled")));
		expect(events).toMatchObject([{ actorLabel: "visitor", ip, detail: { throttle: "password-pair" } }]);
	});

	test("is one budget for signing in, for proving who one is and for changing the password", async () => {
		const session = await sessionOf(await createUser({ password }), newcomer());
		const wrong = { currentPassword: "wrong", newPassword: "another fine password" };
		for (let time = 0; time < 3; time++) {
			expect(await guess(session.user.email, session.origin.ip ?? "")).toBe("invalid");
			await expect(proveIdentity(session, { password: "wrong" })).rejects.toMatchObject({ code: "invalid" });
			await expect(changePassword(session, wrong)).rejects.toMatchObject({ code: "invalid" });
		}
		await expect(proveIdentity(session, { password: "wrong" })).rejects.toMatchObject({ code: "invalid" });
		const right = { currentPassword: password, newPassword: "another fine password" };
		await expect(changePassword(session, right)).rejects.toMatchObject({ code: "too-many-attempts" });
		await expect(proveIdentity(session, { password })).rejects.toMatchObject({ code: "too-many-attempts" });
		expect(await guess(session.user.email, session.origin.ip ?? "")).toBe("too-many-attempts");
	});

	test("does not count the times that the password was right", async () => {
		const alice = await createUser({ password });
		const origin = newcomer();
		for (let time = 0; time < 12; time++) await signIn({ email: alice.email, password }, origin, null);
	});
});

describe("an address that is not verified yet", () => {
	test("signs nobody in, in the words for a wrong password", async () => {
		const email = "not-yet@example.com";
		await signUp(signUpSchema.parse({ name: "Zoë", email, password }), newcomer());
		await expect(signIn({ email, password }, newcomer(), null)).rejects.toMatchObject({
			code: "invalid",
			message: "That e-mail and password do not match an active account.",
		});
	});

	test("counts as a wrong password whatever it is, or whoever signs up could tell by it that the address was free", async () => {
		const [email, origin] = ["still-not@example.com", newcomer()];
		await signUp(signUpSchema.parse({ name: "Zoë", email, password }), newcomer());
		const codes: string[] = [];
		for (let time = 0; time < 12; time++) {
			codes.push(await signIn({ email, password }, origin, null).catch(({ code }) => code));
		}
		expect(codes.at(0)).toBe("invalid");
		expect(codes.at(-1)).toBe("too-many-attempts");
	});
});

describe("the sign-up form", () => {
	test.each([
		["a common password", { password: "password1" }],
		["a short password", { password: "sho rt1" }],
		["a password of seven characters of two units", { password: "🗝🔑🚪🏠🌲🦊🌙" }],
		["a password of 129 characters", { password: "x".repeat(129) }],
		["an address without a domain", { email: "zoe@" }],
		["an address in brackets, which a mail would take off", { email: "<zoe@example.com" }],
		["two addresses", { email: "zoe,max@example.com" }],
		["an address with half a character", { email: "zo\ud800e@example.com" }],
		["an address with a NUL byte", { email: "zo\0e@example.com" }],
		["a name of nothing but spaces", { name: "   " }],
		["a name with a line break", { name: "Zoë\nOwner" }],
		["a name that is a list", { name: ["Zoë"] }],
	])("refuses %s", (_what, change) => {
		const given = { name: "Zoë", email: "zoe@example.com", password, ...change };
		expect(signUpSchema.safeParse(given).success).toBe(false);
	});

	test("takes any 128 characters, also such that take several bytes", () => {
		const given = { name: "Zoë", email: "zoe@example.com", password: "🗝".repeat(128) };
		expect(signUpSchema.safeParse(given).success).toBe(true);
	});
});
