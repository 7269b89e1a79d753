/** Notes who tried what they may not. */
import { logRefused } from "@/lib/log";
import type { Permission } from "@/lib/permissions/matrix";
import type { Actor } from "./fence";

/**
 * @param where the path, or the ids of the people on whom it was tried
 */
export function noteForbidden(actor: Actor, permission: Permission, where: { path?: string; people?: string[] }): void {
	if ("operator" in actor) return logRefused("forbidden", { ...actor, permission, ...where });
	const { id: session, user, impersonator, origin } = actor;
	const who = impersonator ? { user: impersonator.id, actingAs: user.id } : { user: user.id };
	logRefused("forbidden", { ...who, session, ip: origin.ip, permission, ...where });
}
