/**
 * Faults to plant in the product, each of which the checker must find. A mutant replaces text in a copy of the sources (or
 * runs SQL in the checker's database): `ON` in the new text stands for "this mutant is on", so that one build holds them
 * all. A text that no longer occurs exactly once stops the run: mutants cannot rot.
 */
import type { Kind } from "./cast";
import type { Rule } from "./violations";

export interface Mutant {
	name: string;
	/** What is wrong with the product then. */
	story: string;
	edits?: { file: string; find: string; replace: string }[];
	/** Instead of edits: statements that break the database, and mend it again. */
	sql?: { break: string; mend: string };
	/** What is sure to meet the fault. Left out: all kinds of lives, all ways, some holds, no faults. */
	schedule?: { kinds?: Kind[]; ways?: string[]; holds?: number; faults?: string[]; duels?: number };
	/** The rules of which at least one must be broken. */
	breaks: Rule[];
}

const LOOKUP = "lib/session/lookup.ts";
const FENCE = "lib/session/fence.ts";
const FEED = "lib/session/feed.ts";

export const mutants: Mutant[] = [
	{
		name: "silent-database",
		story: "nobody is told when a session ends",
		sql: {
			break: "alter table sessions disable trigger user; alter table ended_sessions disable trigger user",
			mend: "alter table sessions enable trigger user; alter table ended_sessions enable trigger user",
		},
		schedule: { kinds: ["user"], ways: ["force logout everywhere"], holds: 0 },
		breaks: ["stream outlives its session"],
	},
	{
		name: "session-cache",
		story: "sessions are cached in memory for 30 s",
		edits: [
			{
				file: LOOKUP,
				find: "sessionByTokens().execute({",
				replace: `(ON ? { execute: async (by: any) => {
					const cache = ((globalThis as any).cache ??= new Map());
					const key = by.tokenHash.toString("hex");
					const known = cache.get(key);
					if (known && Date.now() - known.at < 30_000) return known.rows;
					const rows = await sessionByTokens().execute(by);
					cache.set(key, { at: Date.now(), rows });
					return rows;
				} } : sessionByTokens()).execute({`,
			},
		],
		breaks: ["served after a revocation"],
	},
	{
		name: "last-known-good",
		story: "when the database cannot be asked, its last answer counts",
		edits: [
			{
				file: LOOKUP,
				find: "const [row] = await withinTimeout(\n",
				replace: `const remembered = ((globalThis as any).remembered ??= new Map());
				const lastKnown = async (answer: any) => {
					if (!ON) return withinTimeout(answer as Promise<any[]>);
					const rows = await withinTimeout(answer as Promise<any[]>).catch(() => remembered.get(tokens.token) ?? []);
					if (rows.length > 0) remembered.set(tokens.token, rows);
					return rows;
				};
				const [row] = await lastKnown(\n`,
			},
		],
		schedule: { faults: ["PostgreSQL restarted", "no connection left", "PostgreSQL crashed"] },
		breaks: ["served after a revocation", "served after a refusal"],
	},
	{
		name: "outage-signs-out",
		story: "when the database cannot be asked, the person is told that their session is over",
		edits: [
			{
				file: LOOKUP,
				find: "\t\treturn await Promise.race([answer, timeout]);",
				replace:
					"\t\treturn await Promise.race([answer, timeout]).catch((error) => { if (ON) return [] as any; throw error; });",
			},
		],
		schedule: { faults: ["PostgreSQL restarted", "no connection left", "PostgreSQL crashed"] },
		breaks: ["refused for no reason"],
	},
	{
		name: "cached-role",
		story: "the role is what it was when the person was first seen",
		edits: [
			{
				file: LOOKUP,
				find: "\tconst { id, parentId, impersonator, ...rest } = row;",
				replace:
					"\tif (ON) row.user.role = (((globalThis as any).roles ??= {})[row.user.id] ??= row.user.role);\n\tconst { id, parentId, impersonator, ...rest } = row;",
			},
		],
		schedule: { kinds: ["support"], ways: ["demote"] },
		breaks: ["served with the old role"],
	},
	{
		name: "suspension-is-a-flag",
		story: "suspending ends no session, and the look-up does not ask about it",
		edits: [
			{ file: LOOKUP, find: "not(isSuspended(users)),", replace: "ON ? undefined : not(isSuspended(users))," },
			{
				file: "lib/admin/suspension.ts",
				find: 'await endSessions(fence.tx, eq(sessions.userId, userId), "suspended", personBehind(actor))',
				replace: 'ON ? [] : await endSessions(fence.tx, eq(sessions.userId, userId), "suspended", personBehind(actor))',
			},
		],
		schedule: { kinds: ["user"], ways: ["suspend"] },
		breaks: ["served after a revocation"],
	},
	{
		name: "answers-before-the-commit",
		story: "forcing a logout answers before it is done",
		edits: [
			{
				file: "app/api/admin/sessions/[id]/route.ts",
				find: "await forceLogout(session, [params.id]);",
				replace: "const done = forceLogout(session, [params.id]);\n\t\tif (!ON) await done;",
			},
		],
		schedule: { kinds: ["user"], ways: ["force logout"], holds: 1 },
		breaks: ["served after a revocation"],
	},
	{
		name: "password-keeps-others",
		story: "a new password leaves the other devices signed in",
		edits: [
			{
				file: "lib/accounts/profile.ts",
				find: "and(eq(sessions.userId, id), ne(sessions.id, session.id))",
				replace: "and(ON ? eq(sessions.id, id) : eq(sessions.userId, id), ne(sessions.id, session.id))",
			},
		],
		schedule: { kinds: ["user"], ways: ["change password"] },
		breaks: ["served after a revocation"],
	},
	{
		name: "forgotten-apps",
		story: "ending sessions leaves out those of native apps",
		edits: [
			{
				file: "lib/session/lifecycle.ts",
				find: "which ?? sql`true`",
				replace: "ON ? and(which, isNull(sessions.refreshHash)) : (which ?? sql`true`)",
			},
		],
		schedule: { kinds: ["user"], ways: ["force logout everywhere"] },
		breaks: ["served after a revocation"],
	},
	{
		name: "orphaned-impersonation",
		story: "an impersonation does not hang from the admin's session, and outlives it",
		edits: [
			{
				file: "lib/session/lifecycle.ts",
				find: "parentSessionId: impersonation?.parentSessionId,",
				replace: "parentSessionId: ON ? undefined : impersonation?.parentSessionId,",
			},
		],
		schedule: { kinds: ["impersonation"], ways: ["admin signs out", "force the admin out"] },
		breaks: ["served after a revocation"],
	},
	{
		name: "no-fence",
		story: "a write trusts the check at the beginning of its request",
		edits: [
			{
				file: "lib/accounts/profile.ts",
				find: 'await fenced(\n\t\tsession,\n\t\t"profile.change",',
				replace:
					'await (ON ? (_s: any, _p: any, work: any) => db.transaction((tx) => work({ tx })) : fenced)(\n\t\tsession,\n\t\t"profile.change",',
			},
			{
				file: "lib/accounts/profile.ts",
				find: 'import { links, sessions, users } from "@/db/schema";',
				replace: 'import { db } from "@/db/client";\nimport { links, sessions, users } from "@/db/schema";',
			},
		],
		schedule: { kinds: ["user"], ways: ["force logout everywhere", "force logout", "force logout selected"], holds: 1 },
		breaks: ["written after a revocation"],
	},
	{
		name: "for-key-share",
		story: "the fence takes FOR KEY SHARE on the person, with which a change of role does not conflict",
		edits: [
			{ file: FENCE, find: '"no key update" : "share"', replace: '"no key update" : ON ? "key share" : "share"' },
		],
		schedule: { kinds: ["support"], ways: ["demote"], holds: 1 },
		breaks: ["written after a revocation"],
	},
	{
		name: "fence-without-role",
		story: "the fence locks, but asks for the role that the request began with",
		edits: [
			{
				file: FENCE,
				find: "const role = people.get(actor.user.id)?.role as Role;",
				replace: "const role = ON ? actor.user.role : (people.get(actor.user.id)?.role as Role);",
			},
		],
		schedule: { kinds: ["support"], ways: ["demote"], holds: 1 },
		breaks: ["written after a revocation"],
	},
	{
		name: "old-cookie-writes",
		story: "a write that began with the old cookie goes on when there is a new one",
		edits: [{ file: FENCE, find: "|| wasReplaced(actor, live))", replace: "|| (!ON && wasReplaced(actor, live)))" }],
		schedule: { kinds: ["user"], ways: ["prove one's identity"], holds: 1 },
		breaks: ["written after a revocation"],
	},
	{
		name: "token-outlives-proof",
		story: "an access token that was got with the old cookie is good under the new one",
		edits: [
			{
				file: "lib/tokens/bearer.ts",
				find: "&& isFromLastProof(claims, session) ?",
				replace: "&& (ON || isFromLastProof(claims, session)) ?",
			},
		],
		schedule: { kinds: ["user"], ways: ["prove one's identity"], holds: 0 },
		breaks: ["served after a revocation", "served after a refusal"],
	},
	{
		name: "owners-check-then-write",
		story: "two owners who demote each other look for another owner without a lock",
		edits: [
			{
				file: FENCE,
				find: "people.length > 0 || owners ?",
				replace: "(ON ? people.length > 0 && !owners : people.length > 0 || owners) ?",
			},
			{ file: FENCE, find: ': "share");', replace: ': ON ? "key share" : "share");' },
		],
		schedule: { kinds: ["user"], duels: 20 },
		breaks: ["no owner left"],
	},
	{
		name: "deaf-stream",
		story: "a stream does not listen for the end of its session",
		edits: [{ file: FEED, find: 'if (kind === "ended") for (', replace: 'if (!ON && kind === "ended") for (' }],
		schedule: { kinds: ["user"], ways: ["force logout everywhere"], holds: 0 },
		breaks: ["stream outlives its session"],
	},
	{
		name: "stream-keeps-its-role",
		story: "a stream goes on telling what its person was allowed to hear when it was opened",
		edits: [
			{
				file: "lib/session/event-stream.ts",
				find: "seesConsole = allows(",
				replace: "seesConsole = (ON && seesConsole) || allows(",
			},
		],
		schedule: { kinds: ["support"], ways: ["demote"], holds: 0 },
		breaks: ["stream outlives its session"],
	},
	{
		name: "no-recheck",
		story: "while nothing is heard, and when it is heard again, nobody asks about open streams",
		edits: [
			{ file: FEED, find: "onHearing() {", replace: "onHearing() {\n\t\tif (ON) return;" },
			{ file: FEED, find: "onDeaf(error: unknown) {", replace: "onDeaf(error: unknown) {\n\t\tif (ON) return;" },
		],
		schedule: { kinds: ["user"], ways: ["force logout everywhere"], holds: 0, faults: ["listeners cut off"] },
		breaks: ["stream outlives its session"],
	},
];
