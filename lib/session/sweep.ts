/**
 * The sweeper: files sessions that ran into a limit under `ended_sessions`, and forgets what is old. Nothing depends on
 * it being on time, because every query asks for live sessions; it keeps the hot table small and the history true.
 */
import { and, inArray, lt, lte, not, or, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { processWide } from "@/db/process-wide";
import { endedSessions, sessions } from "@/db/schema";
import { sweepUnverified } from "@/lib/accounts/sign-up";
import { sweepVisits } from "@/lib/identities/visit";
import { sweepLinks } from "@/lib/links/links";
import { log } from "@/lib/log";
import { sweepAttempts } from "@/lib/rate-limit/throttle";
import { sweepTaken } from "@/lib/tokens/take-once";
import { countEnded, endPastLimits } from "./lifecycle";
import { idleSince, isLive, lastSeenByDayOf } from "./live";

const SWEEP_INTERVAL_SECONDS = 60;
const BATCH_ROWS = 1_000;
const HISTORY_DAYS = 90;

/** Sweeps now and then for as long as the process lives. Several instances may: SKIP LOCKED keeps them apart. */
export function startSweeping(): void {
	processWide("sweeper", () =>
		setInterval(() => {
			sweep().catch((error) => log.warn({ error }, "sweeping failed; it is tried again"));
		}, SWEEP_INTERVAL_SECONDS * 1000).unref(),
	);
}

/** One sweep, in small transactions; gives how many sessions it ended. */
export async function sweep(): Promise<number> {
	let total = 0;
	let ended: number;
	do {
		ended = await sweepBatch();
		total += ended;
	} while (ended > 0);
	while ((await forgetBatch()) > 0);
	await sweepAttempts();
	await sweepLinks();
	await sweepVisits();
	await sweepTaken();
	await sweepUnverified();
	return total;
}

/** Deletes some history that is too old to keep; gives how much. */
async function forgetBatch(): Promise<number> {
	const old = db
		.select({ id: endedSessions.id })
		.from(endedSessions)
		.where(lt(endedSessions.endedAt, sql`now() - make_interval(days => ${HISTORY_DAYS})`))
		.limit(BATCH_ROWS);
	const { rowCount } = await db.delete(endedSessions).where(inArray(endedSessions.id, old));
	return rowCount ?? 0;
}

async function sweepBatch(): Promise<number> {
	return db.transaction(async (tx) => {
		const batch = await tx
			.select({ id: sessions.id })
			.from(sessions)
			.where(and(or(lte(sessions.expiresAt, sql`now()`), lastSeenByDayOf(idleSince())), not(isLive())))
			.limit(BATCH_ROWS)
			.for("update", { skipLocked: true });
		if (batch.length === 0) return 0;
		return countEnded(
			await endPastLimits(
				tx,
				inArray(
					sessions.id,
					batch.map((row) => row.id),
				),
			),
		);
	});
}
