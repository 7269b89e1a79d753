import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { endReason, sessions } from "@/db/schema";
import { createUser, impersonationOf, sessionOf } from "@/lib/testing/people";
import { explainEnd, reasonForEnd } from "./ended";
import { endSessions } from "./lifecycle";
import { newToken } from "./token";

const end = (id: string, reason: (typeof endReason.enumValues)[number]) =>
	db.transaction((tx) => endSessions(tx, eq(sessions.id, id), reason, null));

test("each reason has a sentence of its own, which begins like all others", () => {
	const sentences = endReason.enumValues.map(explainEnd);
	for (const sentence of sentences) expect(sentence).toMatch(/^You were signed out\b.*\.$/);
	expect(new Set(sentences).size).toBe(sentences.length);
});

test("the reason is told to the holder of the token, while nobody knows of one for any other", async () => {
	const session = await sessionOf(await createUser());
	expect(await reasonForEnd(session.tokens)).toBeNull();
	await end(session.id, "forced");
	expect(await reasonForEnd(session.tokens)).toBe("forced");
	expect(await reasonForEnd({ token: newToken() })).toBeNull();
	expect(await reasonForEnd({ token: session.id })).toBeNull();
});

test("a session that just ran into a limit has its reason before the sweeper comes by", async () => {
	const session = await sessionOf(await createUser());
	await db.update(sessions).set({ expiresAt: new Date() }).where(eq(sessions.id, session.id));
	expect(await reasonForEnd(session.tokens)).toBe("expired");
});

test("an admin is told why their own session ended, rather than that the impersonation ended with it", async () => {
	const admin = await sessionOf(await createUser({ role: "admin" }));
	const impersonation = await impersonationOf(await createUser(), admin);
	await end(admin.id, "suspended");
	expect(await reasonForEnd(impersonation.tokens)).toBe("suspended");
});
