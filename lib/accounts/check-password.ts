/** The one way to check a password, wherever it is asked for: throttled, and as slow for nobody as for somebody. */
import { and, eq, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { db } from "@/db/client";
import { endedSessions, sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { type Attempt, countAttempts, forgiveAttempts, networkOf } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import type { Session } from "@/lib/session/lookup";
import { verifyPassword } from "./password";

interface Account {
	email: string;
	/** Left out when nobody has this address. */
	id?: string;
	passwordHash?: string | null;
}

/**
 * Whether the password is the account's. Throws a Refusal "too-many-attempts" when it was wrong too often.
 *
 * An attacker must not be able to lock the owner out. So what counts for the account as a whole leaves out networks
 * from which it has been used before: from there, only the owner's own mistakes count.
 */
export async function checkPassword(account: Account, password: string, origin: RequestOrigin): Promise<boolean> {
	const network = networkOf(origin.ip);
	const attempts: Attempt[] = [
		["password-address", network],
		["password-pair", account.email, network],
	];
	if (!(await isKnownNetwork(account.id, origin.ip))) attempts.push(["password-account", account.email]);

	await countAttempts(attempts);
	const matches = await verifyPassword(account.passwordHash, password);
	if (matches) await forgiveAttempts(attempts);
	return matches;
}

/**
 * The hash of the password of the session's person, if the given one is it; null if not, which is on record then. Throws
 * like {@link checkPassword}.
 */
export async function hashOfOwnPassword(session: Session, password: string): Promise<string | null> {
	const { user, origin } = session;
	const [stored] = await db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, user.id));
	if (stored && (await checkPassword({ ...user, ...stored }, password, origin))) return stored.passwordHash;
	const event = { action: "session.proof_failed", target: user, sessionId: session.id } as const;
	await db.transaction((tx) => recordAudit(tx, session, event));
	return null;
}

/** Whether the person had a session from this network before. */
async function isKnownNetwork(userId: string | undefined, ip: string | null): Promise<boolean> {
	if (!ip) return false;
	const nobody = "00000000-0000-0000-0000-000000000000";
	const usedFrom = (table: typeof sessions | typeof endedSessions) =>
		db
			.select({ used: sql`1` })
			.from(table)
			.where(and(eq(table.userId, userId ?? nobody), sameNetwork(table.ip, ip)))
			.limit(1);
	const [live, ended] = await Promise.all([usedFrom(sessions), usedFrom(endedSessions)]);
	return live.length + ended.length > 0;
}

/** In SQL what {@link networkOf} says: the same IPv4 address, or the same /64. */
function sameNetwork(column: AnyPgColumn, ip: string) {
	return sql`set_masklen(${column}, case family(${column}) when 4 then 32 else 64 end) >>= ${ip}::inet`;
}
