/** What happens when a cookie comes back whose session is over: the refusal is noted once, and the person told why. */
import { and, eq, isNull, not, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { endedSessions, sessions } from "@/db/schema";
import { environment } from "@/lib/environment";
import type { SessionTokens } from "./cookie";
import { type EndReason, endSessions } from "./lifecycle";
import { isLive } from "./live";
import { hashToken } from "./token";

const PATH_LIMIT_CHARACTERS = 200;

/**
 * Writes the receipt: when and on which path the ended session's cookie was first refused. A session that ran into a
 * limit is filed as ended here, if the sweeper has not come by yet.
 *
 * @param path of the refused request, without its query
 */
export async function noteRefusal({ token }: SessionTokens, path: string): Promise<void> {
	const tokenHash = hashToken(token);
	await db.transaction((tx) => endPastLimits(tx, eq(sessions.tokenHash, tokenHash)));
	await db
		.update(endedSessions)
		.set({ firstRefusedAt: sql`clock_timestamp()`, firstRefusedPath: path.slice(0, PATH_LIMIT_CHARACTERS) })
		.where(and(eq(endedSessions.tokenHash, tokenHash), isNull(endedSessions.firstRefusedAt)));
}

/** Ends those of the matching sessions that are past their absolute or idle limit. */
export async function endPastLimits(tx: Parameters<typeof endSessions>[0], which: ReturnType<typeof and>) {
	const expired = sql`${sessions.expiresAt} <= now()`;
	return [
		...(await endSessions(tx, and(which, expired, isNull(sessions.parentSessionId)), "expired", null)),
		...(await endSessions(tx, and(which, expired), "impersonation_expired", null)),
		...(await endSessions(tx, and(which, not(isLive())), "idle", null)),
	];
}

/** Why this browser's last session ended, or null. Only the holder of its token can ask. */
export async function reasonForEnd({ token }: SessionTokens): Promise<EndReason | null> {
	const [row] = await db
		.select({ endReason: endedSessions.endReason })
		.from(endedSessions)
		.where(eq(endedSessions.tokenHash, hashToken(token)));
	return row?.endReason ?? null;
}

/** The sentence for each reason, as the person reads it. Each begins with the same words. */
export function explainEnd(reason: EndReason): string {
	const days = Math.round(environment().SESSION_IDLE_SECONDS / 86_400);
	const sentences: Record<EndReason, string> = {
		signed_out: "You were signed out.",
		signed_out_elsewhere: "You were signed out from another of your devices.",
		forced: "You were signed out by an administrator.",
		forced_for_all: "You were signed out because an administrator signed everyone out.",
		suspended: "You were signed out because your account was suspended.",
		offboarded: "You were signed out because your account was closed.",
		password_changed: "You were signed out because your password was changed.",
		idle: `You were signed out after ${days === 1 ? "a day" : `${days} days`} without activity.`,
		expired: "You were signed out because your session reached its time limit.",
		replaced: "You were signed out because someone signed in with this browser.",
		impersonation_stopped: "You were signed out because the impersonation was stopped.",
		impersonation_expired: "You were signed out because the impersonation reached its time limit.",
		impersonator_gone: "You were signed out because the impersonation is no longer allowed.",
	};
	return sentences[reason];
}
