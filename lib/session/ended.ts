/** Why a session ended, for the person whose it was. */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { endedSessions, sessions } from "@/db/schema";
import { environment } from "@/lib/environment";
import type { SessionTokens } from "./cookie";
import { type EndReason, endPastLimits } from "./lifecycle";
import { hashToken } from "./token";

/**
 * Why this browser's last session ended, in a sentence, or null. Only the holder of its tokens can ask. Of an impersonation
 * that ended together with the admin's own session, it is the latter's reason that the admin wants to know.
 */
export async function whyEnded({ token, parentToken }: SessionTokens): Promise<string | null> {
	const own = await reasonOf(hashToken(parentToken ?? token));
	if (own) return explainEnd(own);
	const ofImpersonation = parentToken && (await reasonOf(hashToken(token)));
	return ofImpersonation ? explainEnd(ofImpersonation).replace(/\byour\b/, "the impersonated person's") : null;
}

/** The same for an app, by what its refresh tokens have in common. */
export async function whyAppEnded(tokenHash: Buffer): Promise<string | null> {
	const reason = await reasonOf(tokenHash);
	return reason ? explainEnd(reason) : null;
}

async function reasonOf(tokenHash: Buffer): Promise<EndReason | undefined> {
	const filed = await filedReason(tokenHash);
	if (filed) return filed;
	// A tab leaves for the sign-in page at the moment of the limit, before anyone has filed the session.
	await db.transaction((tx) => endPastLimits(tx, eq(sessions.tokenHash, tokenHash)));
	return filedReason(tokenHash);
}

async function filedReason(tokenHash: Buffer): Promise<EndReason | undefined> {
	const [row] = await db
		.select({ endReason: endedSessions.endReason })
		.from(endedSessions)
		.where(eq(endedSessions.tokenHash, tokenHash));
	return row?.endReason;
}

/** The sentence for each reason, as the person reads it. Each begins with the same words. */
export function explainEnd(reason: EndReason): string {
	const sentences: Record<EndReason, string> = {
		signed_out: "You were signed out.",
		signed_out_elsewhere: "You were signed out from another of your devices.",
		forced: "You were signed out by an administrator.",
		forced_for_all: "You were signed out because an administrator signed everyone out.",
		suspended: "You were signed out because your account was suspended.",
		offboarded: "You were signed out because your account was closed.",
		deleted: "You were signed out because your account was deleted.",
		password_changed: "You were signed out because your password was changed.",
		password_reset: "You were signed out because your password was reset.",
		email_changed: "You were signed out because the e-mail address of your account was changed.",
		disowned: "You were signed out because the owner of the account said that this was not them.",
		token_reused: "You were signed out because someone may have copied the sign-in of this app.",
		signed_out_at_provider: "You were signed out because you signed out at your identity provider.",
		idle: `You were signed out after ${inWords(environment().SESSION_IDLE_SECONDS)} without activity.`,
		expired: "You were signed out because your session reached its time limit.",
		replaced: "You were signed out because someone signed in with this browser.",
		limit_reached: "You were signed out because you are signed in on too many devices.",
		impersonation_stopped: "You were signed out because the impersonation was stopped.",
		impersonation_expired: "You were signed out because the impersonation reached its time limit.",
		impersonator_gone: "You were signed out because the impersonation is no longer allowed.",
	};
	return sentences[reason];
}

const units = [
	["day", 86_400],
	["hour", 3_600],
	["minute", 60],
	["second", 1],
] as const;

/** Whole seconds in the largest unit that says them exactly: "7 days", "12 hours", "90 minutes". */
function inWords(seconds: number): string {
	const [unit, length] = units.find(([, length]) => seconds % length === 0) ?? ["second", 1];
	return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(seconds / length);
}
