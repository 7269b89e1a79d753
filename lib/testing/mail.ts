/**
 * The mails of a unit test: does the work of the queue by hand, up to the point at which a mail would leave.
 *
 *     await askForPasswordReset({ email: alice.email }, origin);
 *     const [mail] = await takeMails();           // { kind: "reset-password", to: { … }, link: "http://…", token: "…" }
 */
import { startedQueue } from "@/db/queue";
import { type AskedByMail, answerByMail } from "@/lib/accounts/asked-by-mail";
import { addressOfLink } from "@/lib/links/links";
import type { Mail } from "@/lib/mail/mails";

export type TakenMail = Mail & {
	/** The address of its link; null when it has none. */
	link: string | null;
	/** The token at the end of that address. */
	token: string | null;
};

/** Takes every mail out of the queue, oldest first. One whose link was called off is none. */
export async function takeMails(): Promise<TakenMail[]> {
	const queue = await startedQueue();
	for (const job of await queue.fetch<AskedByMail>("asked-by-mail", { batchSize: 100 })) {
		await answerByMail(job.data);
		await queue.complete("asked-by-mail", job.id);
	}
	const mails: TakenMail[] = [];
	for (const job of await queue.fetch<Mail>("mail", { batchSize: 100 })) {
		const link = "linkId" in job.data ? await addressOfLink(job.data.linkId) : null;
		await queue.complete("mail", job.id);
		if ("linkId" in job.data && !link) continue;
		mails.push({ ...job.data, link, token: link?.split("/").at(-1) ?? null });
	}
	return mails;
}

/** Takes the mails, and gives the token in the one of this kind to this address. Throws when there is none. */
export async function tokenMailed(kind: Mail["kind"], to: string): Promise<string> {
	const mail = (await takeMails()).findLast((mail) => mail.kind === kind && mail.to.email === to);
	if (!mail?.token) throw new Error(`no mail "${kind}" with a link went to ${to}`);
	return mail.token;
}
