/** What links in mails are for, for how long, and where they lead. Pure, so that tests may read it. */
import type { linkPurpose } from "@/db/schema";

export type LinkPurpose = (typeof linkPurpose.enumValues)[number];

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** From the moment at which the mail is sent (OWASP ASVS 5.0, V6.4.3: an hour for the one that sets a password). */
export const lifetimeSeconds: Record<LinkPurpose, number> = {
	email_verification: DAY,
	password_reset: HOUR,
	email_change: HOUR,
	email_change_undo: 7 * DAY,
	sign_in_disowning: 7 * DAY,
};

/** The page on which the person confirms what the link is for: opening it does nothing yet, or a mail scanner would. */
export const pageOf: Record<LinkPurpose, string> = {
	email_verification: "/verify-email",
	password_reset: "/reset-password",
	email_change: "/change-email",
	email_change_undo: "/undo-email-change",
	sign_in_disowning: "/not-me",
};

/** The purpose as it stands in a link's address: "/link/reset-password/…". */
export function pathSegmentOf(purpose: LinkPurpose): string {
	return pageOf[purpose].slice(1);
}

/** The purpose of a link's address; undefined for one that we never sent. */
export function purposeOf(segment: string): LinkPurpose | undefined {
	return (Object.keys(pageOf) as LinkPurpose[]).find((purpose) => pathSegmentOf(purpose) === segment);
}

/** What the person reads then. */
export const STALE_LINK = "It was used already, called off, or is too old. Nothing was changed.";
