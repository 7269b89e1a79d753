/** Links as mails carry them, without waiting for a mail. */
import { db } from "@/db/client";
import { addressOfLink, createLink } from "@/lib/links/links";
import type { LinkPurpose } from "@/lib/links/purposes";
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
