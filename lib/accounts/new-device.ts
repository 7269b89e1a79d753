/** A sign-in from where the person has not been before: they hear of it, and can say that it was not them. */
import { and, desc, eq, gte, isNotNull, isNull, ne, or, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import { db, type Transaction } from "@/db/client";
import { endedSessions, links, sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { unlinkAll } from "@/lib/identities/link";
import { callOffLinks, createLink, findLink, useLink } from "@/lib/links/links";
import { STALE_LINK } from "@/lib/links/purposes";
import { firstIdAt } from "@/lib/list/filter";
import { sendMail } from "@/lib/mail/send";
import { describeDevice } from "@/lib/request/device";
import type { RequestOrigin } from "@/lib/request/origin";
import { endSessions } from "@/lib/session/lifecycle";
import { retryingConflicts } from "@/lib/session/retry";
import { sendPasswordReset } from "./asked-by-mail";
import { isSameNetwork } from "./check-password";

/** Whoever knows the password could otherwise fill the mailbox by signing in. */
const NOTICES_PER_HOUR = 5;

interface SignIn {
	user: { id: string; name: string; email: string };
	sessionId: string;
	origin: RequestOrigin;
	/** What a native app calls its device. */
	appDevice?: string;
}

/** A bound on what is read for someone who signs in all day, such as a script. */
const SESSIONS_REMEMBERED = 100;

/**
 * Mails a notice about the session that just began, if the person had sessions before and none of the latest, live or over,
 * was in the same browser, or the app of that device, on the same system and network.
 */
export async function noticeNewDevice(tx: Transaction, { user, sessionId, origin, appDevice }: SignIn): Promise<void> {
	const { browser, operatingSystem } = describeDevice(origin.userAgent);
	const earlier = earlierSessions(tx, user.id, sessionId);
	const same = and(
		sql`${earlier.browser} is not distinct from ${browser}::text`,
		sql`${earlier.operatingSystem} is not distinct from ${operatingSystem}::text`,
		sql`${earlier.appDevice} is not distinct from ${appDevice ?? null}::text`,
		origin.ip ? isSameNetwork(earlier.ip, origin.ip) : isNull(earlier.ip),
	);
	const [seen] = await tx
		.select({ any: sql<boolean>`count(*) > 0`, known: sql<boolean>`coalesce(bool_or(${same}), false)` })
		.from(earlier);
	if (!seen?.any || seen.known) return;
	if ((await noticesOfLastHour(tx, user.id)) >= NOTICES_PER_HOUR) return;

	const link = { purpose: "sign_in_disowning", userId: user.id, email: user.email, sessionId } as const;
	const place = { device: appDevice ?? deviceName(origin.userAgent), ip: origin.ip, at: new Date().toISOString() };
	await sendMail(tx, { kind: "new-device", to: user, linkId: await createLink(tx, link), place });
}

/** The person's own latest sessions but for this one; what an admin did as them makes no device theirs. */
function earlierSessions(tx: Transaction, userId: string, sessionId: string) {
	const described = (table: typeof sessions | typeof endedSessions) => ({
		browser: table.browser,
		operatingSystem: table.operatingSystem,
		appDevice: table.appDevice,
		ip: table.ip,
	});
	const live = tx
		.select(described(sessions))
		.from(sessions)
		.where(and(eq(sessions.userId, userId), ne(sessions.id, sessionId), isNull(sessions.impersonatorId)))
		.orderBy(desc(sessions.id))
		.limit(SESSIONS_REMEMBERED);
	const ended = tx
		.select(described(endedSessions))
		.from(endedSessions)
		.where(and(eq(endedSessions.userId, userId), isNull(endedSessions.impersonatorId)))
		.orderBy(desc(endedSessions.endedAt))
		.limit(SESSIONS_REMEMBERED);
	return unionAll(live, ended).as("earlier");
}

function noticesOfLastHour(tx: Transaction, userId: string): Promise<number> {
	const anHourAgo = firstIdAt(new Date(Date.now() - 3_600_000));
	const theirs = and(eq(links.userId, userId), eq(links.purpose, "sign_in_disowning"), gte(links.id, anHourAgo));
	return tx.$count(links, theirs);
}

function deviceName(userAgent: string | null): string {
	const { browser, operatingSystem } = describeDevice(userAgent);
	if (!browser && !operatingSystem) return "An unknown device";
	return [browser ?? "An unknown browser", operatingSystem].filter(Boolean).join(" on ");
}

/** A sign-in that can be disowned. */
export interface Disownable {
	email: string;
	device: string;
	ip: string | null;
	at: Date;
	/** The session is over already; saying that it was not them still ends the password, and unlinks. */
	over: boolean;
}

/** What the link is about; null when it does not work (any more). */
export async function signInToDisown(token: string | null): Promise<Disownable | null> {
	const link = await findLink("sign_in_disowning", token);
	if (!link?.sessionId) return null;
	const { sessionId } = link;
	const described = (table: typeof sessions | typeof endedSessions) =>
		db
			.select({ userAgent: table.userAgent, appDevice: table.appDevice, ip: table.ip, at: table.createdAt })
			.from(table)
			.where(eq(table.id, sessionId));
	const [[live], [ended]] = await Promise.all([described(sessions), described(endedSessions)]);
	const session = live ?? ended;
	if (!session) return null;
	const { userAgent, appDevice, ip, at } = session;
	return { email: link.email, device: appDevice ?? deviceName(userAgent), ip, at, over: !live };
}

/**
 * "This wasn't me": ends that session and those that were begun since, and lets nobody in until a new password was chosen,
 * for which it mails a link: whoever signed in knew the old one, or had an identity that was linked. So all are unlinked, and
 * what was begun with one ends too. Throws a Refusal "not-found" when the link does not work (any more).
 */
export async function disownSignIn(token: string | null, origin: RequestOrigin): Promise<void> {
	await retryingConflicts(() =>
		db.transaction(async (tx) => {
			const { link, user } = await useLink(tx, "sign_in_disowning", token);
			const { sessionId, email } = link;
			// An address that was changed meanwhile is got back by the link in the mail that said so.
			if (!sessionId || email !== user.email) throw new Refusal("not-found", STALE_LINK);
			await tx.update(users).set({ passwordHash: null }).where(eq(users.id, user.id));
			// Those begun since may be the same stranger's, from what is a known device by then. (Ids are in the order of time.)
			const since = and(gte(sessions.id, sessionId), isNull(sessions.impersonatorId));
			const doomed = or(since, isNotNull(sessions.identityId));
			await endSessions(tx, and(eq(sessions.userId, user.id), doomed), "disowned", user.id);
			await unlinkAll(tx, user.id);
			// In those that stay nobody links, moves or deletes anything on the strength of a proof that may be the stranger's.
			const theirs = and(eq(sessions.userId, user.id), isNull(sessions.impersonatorId));
			await tx
				.update(sessions)
				.set({ authenticatedAt: new Date(0) })
				.where(theirs);
			// What the stranger may have begun.
			await callOffLinks(tx, user.id, or(eq(links.purpose, "email_change"), eq(links.purpose, "password_reset")));
			const event = { action: "session.disowned", target: user, sessionId } as const;
			await recordAudit(tx, { self: user, origin }, event);
			await sendPasswordReset(tx, user, "disowned", sessionId);
		}),
	);
}
