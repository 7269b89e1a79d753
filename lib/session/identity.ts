/**
 * Who a session is: all that its pages show of it and decide by. A page carries the identity that it was made for, so that
 * it can tell by itself whether it is out of date. Pure, for both sides of the wire.
 */
import type { Role } from "@/lib/permissions/matrix";

/** The same as `GET /api/session` answers, without its times. */
export interface Identity {
	session: { id: string };
	user: { id: string; name: string; email: string; role: Role };
	/** The admin behind it, when this is an impersonation. */
	impersonator: { id: string; name: string } | null;
}

/** The identity of a live session, and nothing else of it. */
export function identityOf(session: Omit<Identity, "session"> & { id: string }): Identity {
	const { user, impersonator } = session;
	return {
		session: { id: session.id },
		user: { id: user.id, name: user.name, email: user.email, role: user.role },
		impersonator: impersonator && { id: impersonator.id, name: impersonator.name },
	};
}

/** Whether a page that was made for one of them is right for the other. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
	return markOf(one) === markOf(other);
}

function markOf({ session, user, impersonator }: Identity): string {
	return JSON.stringify([
		session.id,
		...[user.id, user.name, user.email, user.role],
		...[impersonator?.id, impersonator?.name],
	]);
}
