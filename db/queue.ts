/**
 * The job queue: pg-boss, on our own pool. A job is a row, so it can be written in the
 * transaction of the act that it belongs to: no act, no job, and no act without its job. Why pg-boss: decision 0012.
 */
import { sql } from "drizzle-orm";
import { fromDrizzle, PgBoss } from "pg-boss";
import { connections, type Transaction } from "./client";
import { processWide } from "./process-wide";
import type { QueueName } from "./queues";

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
