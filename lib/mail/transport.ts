/** The way out: an SMTP server, in development without one the folder behind /dev/mailbox, and else none. */
import nodemailer, { type Transporter } from "nodemailer";
import { processWide } from "@/db/process-wide";
import { environment } from "@/lib/environment";
import { writeToMailbox } from "./mailbox";
import type { RenderedMail } from "./mails";

export interface OutgoingMail extends RenderedMail {
	/** The same for every attempt, so that a mail server or a reader can tell a repetition. */
	id: string;
	to: { name: string; email: string };
}

/** A server that does not answer must not hold a worker for long; the queue tries again. */
const TIMEOUTS_MS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/** Whether mails leave at all; without, they wait in the queue. */
export function hasTransport(): boolean {
	return environment().SMTP_URL !== undefined || process.env.NODE_ENV === "development";
}

/** Hands the mail over. Throws when that failed and should be tried again; gives false when it never will succeed. */
export async function transport(mail: OutgoingMail): Promise<boolean> {
	const { SMTP_URL, APP_URL } = environment();
	if (!SMTP_URL) {
		await writeToMailbox(mail);
		return true;
	}
	try {
		await smtp(SMTP_URL).sendMail({
			from: sender(),
			to: { name: mail.to.name, address: mail.to.email },
			subject: mail.subject,
			html: mail.html,
			text: mail.text,
			messageId: `<${mail.id}@${new URL(APP_URL).hostname}>`,
			// RFC 3834: no out-of-office replies to a machine.
			headers: { "Auto-Submitted": "auto-generated" },
		});
		return true;
	} catch (error) {
		if (isRefusedForGood(error)) return false;
		throw error;
	}
}

/** Who it is from: MAIL_FROM, or a no-reply address at the application's own host. */
function sender(): string {
	const { MAIL_FROM, APP_URL } = environment();
	return MAIL_FROM ?? `Kickoff <no-reply@${new URL(APP_URL).hostname}>`;
}

/**
 * The server takes no mail for this address (RFC 5321, section 4.2.1: 5yz is permanent). Trying again would not help. It
 * does help when the server is right to complain of us, once our configuration is put right: of the sender (RFC 3463,
 * section 3.2: 5.1.7 and 5.1.8) or that we may not send (section 3.8: 5.7.x). Many say so only to RCPT TO.
 */
function isRefusedForGood(error: unknown): boolean {
	const { command, response = "" } = error as { command?: string; response?: string };
	return command === "RCPT TO" && /^5\d\d(?![ -]5\.(7\.|1\.[78]\b))/.test(response);
}

function smtp(url: string): Transporter {
	return processWide("smtp", () => nodemailer.createTransport({ ...TIMEOUTS_MS, url, pool: true, maxConnections: 4 }));
}
