/** What sessions are called in the console. */
import type { Tone } from "@/app/_ui/badge";
import type { EndedSessionRow } from "@/lib/admin/ended-sessions";
import type { SessionRow } from "@/lib/admin/sessions";
import { mayActOn, type Ranked } from "@/lib/permissions/matrix";

/** "Chrome on macOS"; or what an app calls its device. */
export function deviceName({
	browser,
	operatingSystem,
	appDevice,
}: Pick<SessionRow, "browser" | "operatingSystem" | "appDevice">): string {
	if (appDevice) return appDevice;
	if (!browser && !operatingSystem) return "Unknown device";
	return [browser ?? "Unknown browser", operatingSystem].filter(Boolean).join(" on ");
}

/** How the holder of a session proved who they are. */
export const methodNames: Record<SessionRow["authenticatedWith"], string> = {
	password: "Password",
	impersonation: "Impersonation",
	identity: "Identity provider",
};

/** Why a session ended, for those who look after all of them. */
export const reasonNames: Record<EndedSessionRow["reason"], string> = {
	signed_out: "Signed out",
	signed_out_elsewhere: "Signed out remotely",
	forced: "Forced out",
	forced_for_all: "Everyone signed out",
	suspended: "Suspended",
	offboarded: "Off-boarded",
	deleted: "Account deleted",
	password_changed: "Password changed",
	password_reset: "Password reset",
	email_changed: "E-mail changed",
	disowned: "Disowned",
	token_reused: "Token used twice",
	signed_out_at_provider: "Signed out at provider",
	idle: "No activity",
	expired: "Time limit",
	replaced: "Signed in anew",
	limit_reached: "Too many devices",
	impersonation_stopped: "Impersonation stopped",
	impersonation_expired: "Impersonation timed out",
	impersonator_gone: "Impersonator gone",
};

/** Red for what an administrator did, amber for what may deserve a look. */
export function reasonTone(reason: EndedSessionRow["reason"]): Tone {
	if (["forced", "forced_for_all", "suspended", "offboarded", "deleted"].includes(reason)) return "red";
	if (["password_changed", "password_reset", "email_changed", "disowned", "token_reused"].includes(reason))
		return "amber";
	return reason.startsWith("imperson") ? "violet" : "neutral";
}

/** Why the viewer may not end a session of this person; null if they may. */
export function whyNot(viewer: Ranked, person: Ranked): string | null {
	if (viewer.id === person.id) return "Your own sessions are signed out in your settings.";
	if (mayActOn(viewer, person)) return null;
	return `Your role does not reach people who are ${person.role}.`;
}
