/**
 * The permission matrix: who may do what. The code, the tests and the documentation all read it from here, so a change
 * in this file is the whole change. It is pure: it knows no database, and answers from the live row it is given.
 */

/** From the lowest rank to the highest. */
export const roles = ["user", "support", "admin", "owner"] as const;
export type Role = (typeof roles)[number];

interface Rule {
	/** The lowest role that may. */
	from: Role;
	/** Whether an admin may do it while impersonating someone who may. Credentials and the console never. */
	whileImpersonating: boolean;
	/** Whether it takes another proof of who one is when the last was too long ago (step-up). */
	freshProof: boolean;
	/** Completes the sentence "A … may …". */
	may: string;
}

export const matrix = {
	"product.use": { from: "user", whileImpersonating: true, freshProof: false, may: "use the product" },
	"profile.change": { from: "user", whileImpersonating: true, freshProof: false, may: "change their own name" },
	"password.change": { from: "user", whileImpersonating: false, freshProof: false, may: "change their own password" },
	"account.delete": { from: "user", whileImpersonating: false, freshProof: true, may: "delete their own account" },
	"email.change": { from: "user", whileImpersonating: false, freshProof: true, may: "change their own address" },
	"identity.prove": { from: "user", whileImpersonating: false, freshProof: false, may: "confirm that it is them" },
	"identities.manage": {
		from: "user",
		whileImpersonating: false,
		freshProof: true,
		may: "link and unlink identities to sign in with",
	},
	"own-sessions.view": {
		from: "user",
		whileImpersonating: true,
		freshProof: false,
		may: "see where they are signed in",
	},
	"own-sessions.end": { from: "user", whileImpersonating: false, freshProof: false, may: "sign out their own devices" },
	"tokens.mint": {
		from: "user",
		whileImpersonating: false,
		freshProof: false,
		may: "get access tokens for themselves",
	},
	"console.view": { from: "support", whileImpersonating: false, freshProof: false, may: "open the console" },
	"users.view": { from: "support", whileImpersonating: false, freshProof: false, may: "see every person" },
	"sessions.view": { from: "support", whileImpersonating: false, freshProof: false, may: "see every session" },
	"sessions.force-logout": { from: "support", whileImpersonating: false, freshProof: false, may: "force a logout" },
	"audit.view": { from: "support", whileImpersonating: false, freshProof: false, may: "read the audit log" },
	"audit.export": { from: "admin", whileImpersonating: false, freshProof: true, may: "export the audit log" },
	"users.change-role": {
		from: "admin",
		whileImpersonating: false,
		freshProof: true,
		may: "change roles below their own",
	},
	"users.suspend": {
		from: "admin",
		whileImpersonating: false,
		freshProof: false,
		may: "suspend and reactivate people",
	},
	"users.send-password-reset": {
		from: "admin",
		whileImpersonating: false,
		freshProof: false,
		may: "send people a link to reset their password",
	},
	"users.offboard": { from: "admin", whileImpersonating: false, freshProof: false, may: "off-board people" },
	"users.impersonate": { from: "admin", whileImpersonating: false, freshProof: true, may: "impersonate people" },
	"services.view": {
		from: "admin",
		whileImpersonating: false,
		freshProof: false,
		may: "see service clients and signing keys",
	},
	"services.manage": {
		from: "owner",
		whileImpersonating: false,
		freshProof: true,
		may: "manage service clients and signing keys",
	},
	"providers.view": { from: "admin", whileImpersonating: false, freshProof: false, may: "see identity providers" },
	"providers.manage": {
		from: "owner",
		whileImpersonating: false,
		freshProof: true,
		may: "add, change, turn off and delete identity providers",
	},
	"users.delete": { from: "owner", whileImpersonating: false, freshProof: true, may: "delete people's accounts" },
	"sessions.end-all": { from: "owner", whileImpersonating: false, freshProof: true, may: "sign everyone out" },
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof matrix;

/** The parts of a person that a decision needs. */
export interface Ranked {
	id: string;
	role: Role;
}

const rank = (role: Role) => roles.indexOf(role);

/** Whether this role, in a session that is or is not an impersonation, has the permission. */
export function allows(role: Role, permission: Permission, impersonating = false): boolean {
	const rule: Rule = matrix[permission];
	return rank(role) >= rank(rule.from) && (!impersonating || rule.whileImpersonating);
}

/** Whether one person may act on another at all: nobody on themselves, nor on an equal or higher rank; owners on owners. */
export function mayActOn(actor: Ranked, target: Ranked): boolean {
	if (actor.id === target.id) return false;
	return actor.role === "owner" || rank(actor.role) > rank(target.role);
}

/**
 * Whether one person may become another: with the permission, and without {@link mayActOn}'s exception for owners, as
 * nobody becomes someone of equal or higher rank. Every look-up of an impersonation asks again.
 */
export function mayImpersonate(actor: Ranked, target: Ranked): boolean {
	return allows(actor.role, "users.impersonate") && mayActOn(actor, target) && rank(actor.role) > rank(target.role);
}

/** The roles on which this role may act: what the console's bulk acts are limited to. */
export function rolesBelow(role: Role): Role[] {
	return role === "owner" ? [...roles] : roles.filter((other) => rank(other) < rank(role));
}

/** The roles that the actor may give to the target; empty when they may not change it at all. */
export function assignableRoles(actor: Ranked, target: Ranked): Role[] {
	if (!allows(actor.role, "users.change-role") || !mayActOn(actor, target)) return [];
	return rolesBelow(actor.role);
}
