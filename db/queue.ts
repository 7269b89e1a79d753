/**
 * The job queue: pg-boss, on our own pool. A job is a row, so it can be written in the
 * transaction of the act that it belongs to: no act, no job, and no act without its job. Why pg-boss: decision 0012.
 */
import { sql } from "drizzle-orm";
import type { Client } from "pg";
import { fromDrizzle, PgBoss } from "pg-boss";
import { connections, type Transaction } from "./client";
import { processWide } from "./process-wide";

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
	await boss.start();
	for (const [name, options] of Object.entries(QUEUES)) {
		await boss.createQueue(name, options);
		await boss.updateQueue(name, options);
	}
	await boss.stop({ graceful: false });
}

const boss = processWide("queue", () => {
	const made = new PgBoss({
		db: { executeSql: (text, values) => connections.query(text, values) },
		migrate: false,
		registerInstance: false,
		schedule: false,
	});
	// Unheard, an error would end the process. See `onQueueTrouble`.
	made.on("error", () => {});
	return { made, started: undefined as Promise<PgBoss> | undefined };
});

/** The queue, ready to use. Tried anew at the next call when the database could not be asked. */
export function startedQueue(): Promise<PgBoss> {
	boss.started ??= boss.made.start().catch((error) => {
		boss.started = undefined;
		throw error;
	});
	return boss.started;
}

/** What the queue reports from the background: that the database cannot be asked, that a job failed for good. */
export function onQueueTrouble(hear: (trouble: unknown) => void): void {
	boss.made.on("error", hear);
	boss.made.on("warning", hear);
}

/** Puts a job into a queue, in this transaction. */
export async function enqueue(tx: Transaction, queue: QueueName, job: object): Promise<void> {
	const ready = await startedQueue();
	await ready.send(queue, job, { db: fromDrizzle(tx, sql) });
}
