/** Links as mails carry them, without waiting for a mail. */
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { links } from "@/db/schema";
import { addressOfLink, createLink } from "@/lib/links/links";
import type { LinkPurpose } from "@/lib/links/purposes";
import { hashToken, newToken } from "@/lib/session/token";
import type { SignedIn } from "./people";

/** The address of a new link for the person, about the session where that matters. */
export async function linkFor(
	{ user, sessionId }: SignedIn,
	purpose: LinkPurpose,
	email = user.email,
): Promise<string> {
	const id = await db.transaction((tx) => createLink(tx, { purpose, userId: user.id, email, sessionId }));
	return (await addressOfLink(id)) as string;
}

/** Makes many at once, by writing their rows; gives their tokens, in this order. */
export async function makeLinks(
	purpose: LinkPurpose,
	about: { userId: string; email: string; sessionId?: string }[],
): Promise<string[]> {
	const made = about.map((link) => ({ link, token: newToken() }));
	const expiresAt = sql`now() + interval '1 hour'`;
	await db
		.insert(links)
		.values(made.map(({ link, token }) => ({ ...link, purpose, tokenHash: hashToken(token), expiresAt })));
	return made.map(({ token }) => token);
}
