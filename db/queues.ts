/**
 * The queues that there are, and their tables. Apart from `queue.ts`, which works on the pool of the app: whoever migrates
 * has a connection of their own, and may not know yet which database the app will use.
 */
import type { Client } from "pg";
import { PgBoss } from "pg-boss";

const DAY = 86_400;

/** Tried again after 1, 2, 4 … seconds and then every two minutes, for a week: nothing is lost to an outage. */
const PATIENCE = {
	retryLimit: 5_000,
	retryDelay: 1,
	retryBackoff: true,
	retryDelayMax: 120,
	retentionSeconds: 7 * DAY,
};

/** What waits in a queue may name people, so it is forgotten soon after it was done. */
const QUEUES = {
	/** Mails to send. */
	mail: { ...PATIENCE, expireInSeconds: 120, deleteAfterSeconds: DAY },
	/** What strangers asked for, and may learn the answer to by mail only. */
	"asked-by-mail": { ...PATIENCE, expireInSeconds: 60, deleteAfterSeconds: DAY },
};

export type QueueName = keyof typeof QUEUES;

/** Brings the queue's tables (in a schema of their own, `pgboss`) and our queues up to date. Part of migrating. */
export async function installQueues(client: Client): Promise<void> {
	const boss = new PgBoss({
		db: { executeSql: (text, values) => client.query(text, values) },
		registerInstance: false,
		supervise: false,
		schedule: false,
	});
	// Unheard, an error would end the process. What goes wrong here throws besides.
	boss.on("error", () => {});
	await boss.start();
	for (const [name, options] of Object.entries(QUEUES)) {
		await boss.createQueue(name, options);
		await boss.updateQueue(name, options);
	}
	await boss.stop({ graceful: false });
}
