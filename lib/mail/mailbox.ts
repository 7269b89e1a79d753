/** In development without SMTP_URL, mails are files in `.data/mailbox`, which /dev/mailbox shows. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OutgoingMail } from "./transport";

const FOLDER = join(process.cwd(), ".data", "mailbox");
const SHOWN = 50;

export interface MailboxEntry extends OutgoingMail {
	at: Date;
}

/** Keeps a mail as a file whose name sorts by time. */
export async function writeToMailbox(mail: OutgoingMail): Promise<void> {
	await mkdir(FOLDER, { recursive: true });
	const at = new Date().toISOString();
	// It holds a link that opens something: for this account of the machine only.
	await writeFile(join(FOLDER, `${at.replaceAll(":", "-")}_${mail.id}.json`), JSON.stringify({ ...mail, at }), {
		mode: 0o600,
	});
}

/** The latest mails, newest first. */
export async function readMailbox(): Promise<MailboxEntry[]> {
	const names = await readdir(FOLDER).catch(() => []);
	const newest = names.filter((name) => name.endsWith(".json")).toSorted();
	return Promise.all(
		newest
			.reverse()
			.slice(0, SHOWN)
			.map(async (name) => {
				const mail = JSON.parse(await readFile(join(FOLDER, name), "utf8"));
				return { ...mail, at: new Date(mail.at) };
			}),
	);
}
