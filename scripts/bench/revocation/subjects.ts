/** What is compared: each scheme as the experiment drives it, and what has to be said about it besides figures. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { sealTokens, sessionCookieName } from "@/lib/session/cookie";
import { endSessions, startSession } from "@/lib/session/lifecycle";
import type { Cookies, Scheme } from "./app/schemes/scheme";
import { schemes } from "./app/schemes/schemes";

/** Kickoff's sessions: the product signs in and ends them, and its own proxy and data-access layer ask for them. */
const kickoff: Pick<Scheme, "issue" | "revoke"> = {
	async issue(userId): Promise<Cookies> {
		const origin = { ip: null, userAgent: null };
		const { token } = await db.transaction((tx) => startSession(tx, { userId, origin }));
		return { [sessionCookieName()]: await sealTokens({ token }) };
	},
	async revoke(userId) {
		await db.transaction((tx) => endSessions(tx, eq(sessions.userId, userId), "forced", null));
	},
};

export interface Subject {
	scheme: Pick<Scheme, "issue" | "revoke">;
	/** @param lifetime how long a short-lived token is good for, in words */
	title(lifetime: string): string;
	/** What the database has to keep. */
	stores: string;
	/** What it can end. */
	ends: string;
}

export const subjects = {
	"plain-jwt": {
		scheme: schemes["plain-jwt"],
		title: () => "JWT, good for a day",
		stores: "nothing",
		ends: "nothing",
	},
	"refreshed-jwt": {
		scheme: schemes["refreshed-jwt"],
		title: (lifetime) => `JWT of ${lifetime}, refreshed`,
		stores: "a row for each refresh token",
		ends: "one session, minutes later",
	},
	"cached-session": {
		scheme: schemes["cached-session"],
		title: (lifetime) => `session, cached in a cookie for ${lifetime}`,
		stores: "a row for each session",
		ends: "one session, minutes later",
	},
	"denylist-jwt": {
		scheme: schemes["denylist-jwt"],
		title: () => "JWT with a denylist",
		stores: "a row for each token issued, and for each denied",
		ends: "one session, now",
	},
	"versioned-jwt": {
		scheme: schemes["versioned-jwt"],
		title: () => "JWT with a version",
		stores: "a number for each person",
		ends: "all sessions of a person, now",
	},
	kickoff: {
		scheme: kickoff,
		title: () => "Kickoff’s sessions",
		stores: "a row for each session",
		ends: "one session, now",
	},
} satisfies Record<string, Subject>;

export type SubjectName = keyof typeof subjects;
export const subjectNames = Object.keys(subjects) as SubjectName[];
