/** Sending a mail means to put it into the queue, in the transaction of the act that it tells of. */
import type { Transaction } from "@/db/client";
import { enqueue } from "@/db/queue";
import type { Mail } from "./mails";

/** The mail goes out when the transaction has committed, and never if it rolls back. The caller waits for no mail server. */
export function sendMail(tx: Transaction, mail: Mail): Promise<void> {
	// A person may come with more than their name and address: that stays out of the queue.
	const { name, email } = mail.to;
	return enqueue(tx, "mail", { ...mail, to: { name, email } });
}
