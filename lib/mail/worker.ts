/**
 * Works the queues off: sends the mails, and answers what was asked by mail. Every instance does; a job is locked by the
 * one that took it, so none is done twice. One that is killed in the middle leaves its job to the others.
 */
import type { PgBoss } from "pg-boss";
import { processWide } from "@/db/process-wide";
import { onQueueTrouble, startedQueue } from "@/db/queue";
import type { QueueName } from "@/db/queues";
import { answerByMail } from "@/lib/accounts/asked-by-mail";
import { addressOfLink } from "@/lib/links/links";
import { log } from "@/lib/log";
import type { Mail, RenderMail } from "./mails";
import { hasTransport, transport } from "./transport";

const RETRY_SECONDS = 5;
/** How long a mail waits at most before somebody looks for it. */
const POLLING_SECONDS = 1;
/** How many jobs of a queue an instance does at a time, so that one slow mail keeps few others waiting. */
const AT_A_TIME = 4;

/** Starts working, now or as soon as the database can be asked. */
export function startMailing(render: RenderMail): void {
	processWide("mailing", () => {
		onQueueTrouble((trouble) => log.warn({ error: trouble }, "the queue has trouble; it is tried again"));
		if (!hasTransport()) {
			log.warn("SMTP_URL is not set: no mail leaves. Mails wait in the queue for a week, and go out when it is set.");
		}
		work(render);
		return true;
	});
}

function work(render: RenderMail): void {
	startWorkers(render).catch((error) => {
		log.warn({ error }, "mails cannot be sent yet; it is tried again");
		setTimeout(work, RETRY_SECONDS * 1000, render).unref();
	});
}

async function startWorkers(render: RenderMail): Promise<void> {
	const queue = await startedQueue();
	await each(queue, "asked-by-mail", answerByMail);
	if (hasTransport()) await each<Mail>(queue, "mail", (mail, id) => deliver(mail, id, render));
}

/** Does the jobs of a queue, each on its own: what fails is tried again and holds nothing else up. */
async function each<Job>(queue: PgBoss, name: QueueName, act: (job: Job, id: string) => Promise<void>): Promise<void> {
	const options = {
		batchSize: AT_A_TIME,
		perJobResults: true,
		pollingIntervalSeconds: POLLING_SECONDS,
		burstWhenBatchFull: true,
	} as const;
	await queue.work<Job, void, typeof options>(name, options, (jobs) =>
		Promise.all(
			jobs.map(async ({ id, data }) => {
				try {
					await act(data, id);
					return { id, status: "completed" as const };
				} catch (error) {
					// No more than the code: a mail server likes to repeat the address.
					const code = (error as { code?: string }).code ?? (error as Error).name;
					log.warn({ job: id, queue: name, code }, "a job failed; it is tried again");
					return { id, status: "failed" as const, output: { code } };
				}
			}),
		),
	);
}

/** Sends one mail. Throws when the mail server could not be reached: the queue tries again. */
export async function deliver(mail: Mail, id: string, render: RenderMail): Promise<void> {
	const link = "linkId" in mail ? await addressOfLink(mail.linkId) : null;
	if ("linkId" in mail && !link) return;
	const taken = await transport({ id, to: mail.to, ...(await render(mail, link)) });
	if (!taken) log.warn({ mail: id, kind: mail.kind }, "a mail server refused a recipient for good");
}
