/**
 * Single-use links in mails: how one is made, sent, looked at and used. The token is made at the moment at which the mail
 * is sent, and is stored nowhere: the database has its hash, and the queue only the id of the link (OWASP ASVS 5.0,
 * V6.4.3). One purpose per token: a token for anything else is not found.
 */
import { and, eq, gt, inArray, lte, type SQL, sql } from "drizzle-orm";
import { db, type Transaction } from "@/db/client";
import { links, users } from "@/db/schema";
import { environment } from "@/lib/environment";
import { Refusal } from "@/lib/errors";
import { isSuspended } from "@/lib/session/live";
import { hashToken, newToken } from "@/lib/session/token";
import { type LinkPurpose, lifetimeSeconds, pathSegmentOf, STALE_LINK } from "./purposes";

/** How long a mail may wait for a mail server before its link is given up. */
const UNSENT_SECONDS = 7 * 86_400;

interface NewLink {
	purpose: LinkPurpose;
	userId: string;
	/** Where the mail goes, and what the link is about. */
	email: string;
	/** The session that asks for it, or that it is about. */
	sessionId?: string;
}

/** Makes a link that has no token yet; gives its id, for the mail. */
export async function createLink(tx: Transaction, link: NewLink): Promise<string> {
	const [row] = await tx
		.insert(links)
		.values({ ...link, expiresAt: inSeconds(UNSENT_SECONDS) })
		.returning({ id: links.id });
	return (row as { id: string }).id;
}

/**
 * Gives the link a new token and its full time, and the address to put into the mail; null when it was used or called off
 * meanwhile. A mail that is sent twice, because the mail server broke down between taking it and saying so, holds a new
 * token the second time.
 */
export async function addressOfLink(id: string): Promise<string | null> {
	const token = newToken();
	const lifetime = sql`case ${links.purpose} ${sql.join(
		Object.entries(lifetimeSeconds).map(([purpose, seconds]) => sql`when ${purpose} then ${seconds}::int`),
		sql` `,
	)} end`;
	const [row] = await db
		.update(links)
		.set({ tokenHash: hashToken(token), expiresAt: sql`now() + make_interval(secs => ${lifetime})` })
		.where(and(eq(links.id, id), gt(links.expiresAt, sql`now()`)))
		.returning({ purpose: links.purpose });
	return row ? `${environment().APP_URL}/link/${pathSegmentOf(row.purpose)}/${token}` : null;
}

/** What a link that still works is about. */
export interface Link {
	id: string;
	userId: string;
	email: string;
	sessionId: string | null;
}

/** The link behind a token, without using it; null when it does not work (any more). */
export async function findLink(purpose: LinkPurpose, token: string | null): Promise<Link | null> {
	if (!token) return null;
	const [link] = await db.select(columns).from(links).where(works(purpose, token));
	return link ?? null;
}

/** A person whose link was just used, with their row locked. */
export interface LinkHolder {
	id: string;
	name: string;
	email: string;
	emailVerifiedAt: Date | null;
}

/**
 * Uses the link: one `DELETE … RETURNING` in the transaction of what it is used for, so that of two at once one finds
 * nothing. Locks the person first, as every act on people does. Throws a Refusal "not-found" when the link does not work
 * (any more) or the person is suspended.
 */
export async function useLink(
	tx: Transaction,
	purpose: LinkPurpose,
	token: string | null,
): Promise<{ link: Link; user: LinkHolder }> {
	const stale = new Refusal("not-found", STALE_LINK);
	if (!token) throw stale;
	const owner = tx.select({ id: links.userId }).from(links).where(works(purpose, token));
	const [user] = await tx
		.select({ id: users.id, name: users.name, email: users.email, emailVerifiedAt: users.emailVerifiedAt })
		.from(users)
		.where(and(inArray(users.id, owner), sql`not (${isSuspended()})`))
		.for("no key update");
	const [link] = await tx.delete(links).where(works(purpose, token)).returning(columns);
	if (!user || !link) throw stale;
	return { link, user };
}

/** Calls links of a person off: all of them, or those that match. */
export async function callOffLinks(tx: Transaction, userId: string, which?: SQL): Promise<void> {
	await tx.delete(links).where(and(eq(links.userId, userId), which));
}

/** Forgets links that are past their time. */
export async function sweepLinks(): Promise<void> {
	await db.delete(links).where(lte(links.expiresAt, sql`now()`));
}

const columns = { id: links.id, userId: links.userId, email: links.email, sessionId: links.sessionId };

function works(purpose: LinkPurpose, token: string): SQL | undefined {
	return and(eq(links.tokenHash, hashToken(token)), eq(links.purpose, purpose), gt(links.expiresAt, sql`now()`));
}

const inSeconds = (seconds: number) => sql`now() + make_interval(secs => ${seconds})`;
