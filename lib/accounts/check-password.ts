/** The one way to check a password, wherever it is asked for: throttled, and as slow for nobody as for somebody. */
import { desc, eq, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import { db } from "@/db/client";
import { endedSessions, sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import type { Permission } from "@/lib/permissions/matrix";
import { type Attempt, countAttempts, forgiveAttempts, networkOf, TooManyAttempts } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import { fenced } from "@/lib/session/fence";
import type { Person, Session } from "@/lib/session/lookup";
import { verifyPassword } from "./password";

interface Account extends Partial<Pick<Person, "id" | "name">> {
	/** All that is known when nobody has this address. */
	email: string;
	passwordHash?: string | null;
}

/**
 * Whether the password is the account's. Throws a Refusal "too-many-attempts" when it was wrong too often, "unavailable"
 * when too many people wait for theirs to be checked.
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

	await countAttempts(attempts).catch(async (error) => {
		if (error instanceof TooManyAttempts && error.isFirst) await recordThrottled(account, origin, error);
		throw error;
	});
	let wrong = false;
	try {
		wrong = !(await verifyPassword(account.passwordHash, password));
	} finally {
		// Right, or not even looked at.
		if (!wrong) await forgiveAttempts(attempts);
	}
	return !wrong;
}

/**
 * The hash of the password of the session's person, if the given one is it; null if not, which is on record then. Throws
 * like {@link checkPassword}, and a Refusal "session-ended" or "forbidden" when there is nobody any more whose it could be.
 *
 * @param permission for what it is asked
 */
export async function hashOfOwnPassword(
	session: Session,
	permission: Permission,
	password: string,
): Promise<string | null> {
	const { user, origin } = session;
	const [stored] = await db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, user.id));
	if (stored && (await checkPassword({ ...user, ...stored }, password, origin))) return stored.passwordHash;
	// Fenced like every write of a session: with the account deleted meanwhile, any password would be a wrong one.
	await fenced(session, permission, ({ tx }) =>
		recordAudit(tx, session, { action: "session.proof_failed", target: user, sessionId: session.id }),
	);
	return null;
}

/** Once for each limit that is reached, and not for each attempt: an attacker should not fill the log (V16.3.1). */
async function recordThrottled({ id, name, email }: Account, origin: RequestOrigin, { throttle }: TooManyAttempts) {
	const target = id && name ? { id, name, email } : undefined;
	await recordAudit(
		db,
		{ anonymous: "visitor", origin },
		{ action: "password.throttled", target, detail: { throttle } },
	);
}

/** A bound on what is read for someone who signs in all day, such as a script. */
const SESSIONS_REMEMBERED = 100;

/** Whether one of the person's latest sessions, live or ended, was from this network. */
async function isKnownNetwork(userId: string | undefined, ip: string | null): Promise<boolean> {
	if (!ip) return false;
	const id = userId ?? "00000000-0000-0000-0000-000000000000";
	const live = db.select({ ip: sessions.ip }).from(sessions).where(eq(sessions.userId, id)).orderBy(desc(sessions.id));
	const ended = db
		.select({ ip: endedSessions.ip })
		.from(endedSessions)
		.where(eq(endedSessions.userId, id))
		.orderBy(desc(endedSessions.endedAt));
	const used = unionAll(live.limit(SESSIONS_REMEMBERED), ended.limit(SESSIONS_REMEMBERED)).as("used");
	return (await db.select({ ip: used.ip }).from(used).where(isSameNetwork(used.ip, ip)).limit(1)).length > 0;
}

/** In SQL what `networkOf` says: the same IPv4 address, or the same /64. */
export function isSameNetwork(column: SQLWrapper, ip: string): SQL {
	return sql`set_masklen(${column}, case family(${column}) when 4 then 32 else 64 end) >>= ${ip}::inet`;
}
