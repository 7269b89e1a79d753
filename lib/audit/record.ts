/** Writes the audit log: who really acted, as whom, on what, from where, why. In the same transaction as the act. */
import type { Transaction } from "@/db/client";
import { auditEvents } from "@/db/schema";
import type { RequestOrigin } from "@/lib/request/origin";
import type { Actor } from "@/lib/session/fence";
import type { Person } from "@/lib/session/lookup";
import type { AuditAction } from "./actions";

/** Someone without a session: a visitor at the sign-in form, or the system itself. */
export interface Anonymous {
	anonymous: "visitor" | "system";
	origin?: RequestOrigin;
}

/** Someone who proves who they are in this very act, by signing in or up. */
export interface Newcomer {
	self: Pick<Person, "id" | "name" | "email">;
	origin: RequestOrigin;
}

type Recorded = Actor | Anonymous | Newcomer;

export interface AuditEntry {
	action: AuditAction;
	/** On whom. */
	target?: Pick<Person, "id" | "name" | "email">;
	/** The session acted upon. */
	sessionId?: string;
	/** Why, in the actor's own words. */
	reason?: string;
	/** Anything else that is worth knowing. Never a secret. */
	detail?: Record<string, unknown>;
}

/** Records one event. */
export function recordAudit(tx: Transaction, actor: Recorded, event: AuditEntry): Promise<void> {
	return recordAudits(tx, actor, [event]);
}

/** Records several events of one actor at once; at most a few thousand, which is what one statement can carry. */
export async function recordAudits(tx: Transaction, actor: Recorded, events: AuditEntry[]): Promise<void> {
	if (events.length === 0) return;
	const by = describeActor(actor);
	await tx.insert(auditEvents).values(
		events.map(({ target, ...event }) => ({
			...event,
			...by,
			targetId: target?.id,
			targetLabel: target && label(target),
		})),
	);
}

function describeActor(actor: Recorded) {
	if ("operator" in actor) return { actorLabel: actor.operator };
	if ("anonymous" in actor) return { actorLabel: actor.anonymous, ...actor.origin };
	if ("self" in actor) return { actorId: actor.self.id, actorLabel: label(actor.self), ...actor.origin };
	const real = actor.impersonator ?? actor.user;
	return {
		actorId: real.id,
		actorLabel: label(real),
		...(actor.impersonator && { actingAsId: actor.user.id, actingAsLabel: label(actor.user) }),
		...actor.origin,
	};
}

const label = (person: Pick<Person, "name" | "email">) => `${person.name} <${person.email}>`;
