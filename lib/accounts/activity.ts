/** What happened on a person's account lately, as they may see it themselves. */
import { and, desc, eq, inArray, or } from "drizzle-orm";
import { db } from "@/db/client";
import { auditEvents } from "@/db/schema";
import type { AuditAction } from "@/lib/audit/actions";
import type { Session } from "@/lib/session/lookup";

const EVENTS_SHOWN = 8;

/** The events that concern the person, in words to them; what admins do elsewhere is not theirs to see. */
const sentences = {
	"account.created": "You created your account",
	"session.started": "You signed in",
	"sign_in.failed": "Someone tried to sign in and failed",
	"session.proof_failed": "Someone gave a wrong password where you are signed in",
	"password.throttled": "Someone got your password wrong too often and has to wait",
	"session.ended": "You signed out",
	"session.forced_out": "An administrator signed you out",
	"session.forced_out_everywhere": "An administrator signed you out everywhere",
	"user.role_changed": "Your role was changed",
	"user.suspended": "Your account was suspended",
	"user.reactivated": "Your account was reactivated",
	"impersonation.started": "An administrator began to act as you",
	"impersonation.stopped": "An administrator stopped acting as you",
	"profile.changed": "Your profile was changed",
	"password.changed": "Your password was changed",
	"password.reset_requested": "Someone asked for a link to reset your password",
	"password.reset_sent": "An administrator sent you a link to reset your password",
	"password.reset": "Your password was reset",
	"email.verified": "You verified your e-mail address",
	"email.change_requested": "You asked to change your e-mail address",
	"email.changed": "Your e-mail address was changed",
	"email.change_undone": "The change of your e-mail address was undone",
	"session.disowned": "You said that a sign-in was not you",
	"session.token_reused": "An app was signed out because its sign-in may have been copied",
} satisfies Partial<Record<AuditAction, string>>;

export interface Activity {
	id: string;
	occurredAt: Date;
	sentence: string;
	/** Where it came from; null when an administrator did it, whose address is not the person's business. */
	ip: string | null;
}

/** The latest events on the session's person, newest first. */
export async function listOwnActivity({ user }: Session): Promise<Activity[]> {
	const actions = Object.keys(sentences) as (keyof typeof sentences)[];
	const rows = await db
		.select({
			id: auditEvents.id,
			occurredAt: auditEvents.occurredAt,
			action: auditEvents.action,
			actorId: auditEvents.actorId,
			ip: auditEvents.ip,
		})
		.from(auditEvents)
		.where(
			or(
				and(eq(auditEvents.targetId, user.id), inArray(auditEvents.action, actions)),
				and(eq(auditEvents.actorId, user.id), eq(auditEvents.action, "session.ended")),
			),
		)
		.orderBy(desc(auditEvents.id))
		.limit(EVENTS_SHOWN);
	return rows.map(({ action, actorId, ip, ...row }) => ({
		...row,
		sentence: sentences[action as keyof typeof sentences],
		ip: actorId === null || actorId === user.id ? ip : null,
	}));
}
