/**
 * The real mail: what the product sent by SMTP to an address, as it arrived.
 *
 *     const mail = await mailTo(alice.email, "Choose a new password");
 *     await page.goto(linkIn(mail));
 */
import { expect } from "@playwright/test";
import type { ReceivedMail } from "@/lib/testing/mail-server";

/** Waits for a mail to the address, with this subject if one is given; gives the newest. */
export async function mailTo(address: string, subject?: string): Promise<ReceivedMail> {
	let found: ReceivedMail | undefined;
	await expect
		.poll(
			async () => {
				found = (await mailsTo(address)).findLast((mail) => subject === undefined || mail.subject === subject);
				return found !== undefined;
			},
			{ message: `a mail to ${address}: ${subject ?? "any"}`, timeout: 45_000 },
		)
		.toBe(true);
	return found as ReceivedMail;
}

/** Every mail that has come to the address so far, oldest first. */
export async function mailsTo(address: string): Promise<ReceivedMail[]> {
	const all: ReceivedMail[] = await (await fetch(mailbox("/"))).json();
	return all.filter(({ to }) => to.includes(address));
}

/** The address of the link that a mail is about. Throws when it has none. */
export function linkIn({ text, subject }: ReceivedMail): string {
	const [link] = /http:\/\/\S+\/link\/\S+/.exec(text) ?? [];
	if (!link) throw new Error(`the mail "${subject}" has no link`);
	return link;
}

/** Runs `work` while nobody answers on the mail server's port. Mails of other tests wait meanwhile. */
export async function withoutMailServer(work: () => Promise<void>): Promise<void> {
	await fetch(mailbox("/stop"));
	try {
		await work();
	} finally {
		await fetch(mailbox("/start"));
	}
}

const mailbox = (path: string) => new URL(path, process.env.MAILBOX_URL);
