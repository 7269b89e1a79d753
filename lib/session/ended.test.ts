import { eq } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { db } from "@/db/client";
import { endReason, sessions } from "@/db/schema";
import { environment } from "@/lib/environment";
import { createUser, impersonationOf, sessionOf } from "@/lib/testing/people";
import { explainEnd, whyEnded } from "./ended";
import { endSessions } from "./lifecycle";
import { newToken } from "./token";

const end = (id: string, reason: (typeof endReason.enumValues)[number]) =>
	db.transaction((tx) => endSessions(tx, eq(sessions.id, id), reason, null));

test("each reason has a sentence of its own, which begins like all others", () => {
	const sentences = endReason.enumValues.map(explainEnd);
	for (const sentence of sentences) expect(sentence).toMatch(/^You were signed out\b.*\.$/);
	expect(new Set(sentences).size).toBe(sentences.length);
});

test.each([
	[7 * 86_400, "7 days"],
	[86_400, "1 day"],
	[43_200, "12 hours"],
	[5_400, "90 minutes"],
	[1_800, "30 minutes"],
	[45, "45 seconds"],
])("an idle limit of %i s is told as %s", (seconds, words) => {
	const settings = environment();
	const before = settings.SESSION_IDLE_SECONDS;
	onTestFinished(() => {
		settings.SESSION_IDLE_SECONDS = before;
	});
	settings.SESSION_IDLE_SECONDS = seconds;
	expect(explainEnd("idle")).toBe(`You were signed out after ${words} without activity.`);
});

test("the reason is told to the holder of the token, while nobody knows of one for any other", async () => {
	const session = await sessionOf(await createUser());
	expect(await whyEnded(session.tokens)).toBeNull();
	await end(session.id, "forced");
	expect(await whyEnded(session.tokens)).toBe(explainEnd("forced"));
	expect(await whyEnded({ token: newToken() })).toBeNull();
	expect(await whyEnded({ token: session.id })).toBeNull();
});

test("a session that just ran into a limit has its reason before the sweeper comes by", async () => {
	const session = await sessionOf(await createUser());
	await db.update(sessions).set({ expiresAt: new Date() }).where(eq(sessions.id, session.id));
	expect(await whyEnded(session.tokens)).toBe(explainEnd("expired"));
});

test("an admin is told why their own session ended, rather than that the impersonation ended with it", async () => {
	const admin = await sessionOf(await createUser({ role: "admin" }));
	const impersonation = await impersonationOf(await createUser(), admin);
	await end(admin.id, "suspended");
	expect(await whyEnded(impersonation.tokens)).toBe(explainEnd("suspended"));
});

test("an admin whose own session lives is told what happened to the impersonated person, as theirs", async () => {
	const admin = await sessionOf(await createUser({ role: "admin" }));
	const impersonation = await impersonationOf(await createUser(), admin);
	await end(impersonation.id, "suspended");
	expect(await whyEnded(impersonation.tokens)).toBe(
		"You were signed out because the impersonated person's account was suspended.",
	);
});
