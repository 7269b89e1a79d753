/** Who asks in the security suite, and the person whose data must not get to those who may not see it. */
import { allows, type Role, roles } from "@/lib/permissions/matrix";
import type { Access } from "@/lib/permissions/surfaces";
import type { Person } from "@/lib/session/lookup";
import { createPerson, type SignedIn, startImpersonation, startSessionOf, suspend } from "../people";
import { auditOf, liveSessionsOf, rowOf } from "../records";
import { request } from "../request";

export interface Actor {
	/** Null for those who count as signed out, whatever their cookie says. */
	role: Role | null;
	impersonating?: boolean;
	/** A new person of this kind with a cookie, or null for a visitor. */
	arrive(): Promise<SignedIn | null>;
}

const signedIn = async (role: Role) => startSessionOf(await createPerson({ role }));

/** One of each kind. */
export const actors: Record<string, Actor> = {
	"a visitor": { role: null, arrive: async () => null },
	...Object.fromEntries(roles.map((role) => [`a signed-in ${role}`, { role, arrive: () => signedIn(role) }])),
	"a suspended owner": {
		role: null,
		async arrive() {
			const owner = await signedIn("owner");
			await suspend(owner.user);
			return owner;
		},
	},
	"an owner who was forced out": {
		role: null,
		async arrive() {
			const owner = await signedIn("owner");
			await request("/sign-out", { as: owner, method: "POST" });
			return owner;
		},
	},
	"an admin who impersonates a user": {
		role: "user",
		impersonating: true,
		arrive: async () => startImpersonation(await createPerson(), await signedIn("admin")),
	},
	"an admin who impersonates support": {
		role: "support",
		impersonating: true,
		arrive: async () => startImpersonation(await createPerson({ role: "support" }), await signedIn("admin")),
	},
	"an owner who impersonates an admin": {
		role: "admin",
		impersonating: true,
		arrive: async () => startImpersonation(await createPerson({ role: "admin" }), await signedIn("owner")),
	},
};

/** Whether the matrix lets this actor through. */
export function mayUse(access: Access, { role, impersonating }: Actor): boolean {
	if (access === "public") return true;
	if (access === "signed-out") return role === null;
	return role !== null && allows(role, access, impersonating);
}

/** A person whom only the console shows, to those who may open it. */
export interface Canary extends SignedIn {
	/** A word of their name by which lists find them; it is not protected, because requests contain it. */
	needle: string;
	/** What must not be in any answer to anybody else. */
	secrets: string[];
	/** All that an act could change. */
	state(): Promise<unknown>;
}

/** Makes a new one, with a live session and an event in the audit log. */
export async function makeCanary(): Promise<Canary> {
	const [needle, mark] = [`needle${random()}`, `canary${random()}`];
	const user: Person = await createPerson({ name: `${needle} ${mark}`, email: `${mark}@example.com` });
	const session = await startSessionOf(user);
	await request(`/api/admin/users/${user.id}/sessions`, { as: await signedIn("support"), method: "DELETE" });
	const live = await startSessionOf(user);
	const state = async () => ({
		row: await rowOf(user),
		sessions: await liveSessionsOf(user),
		events: await auditOf("session.forced_out_everywhere", { target: user }),
	});
	return { ...live, needle, state, secrets: [mark, session.tokens.token, live.tokens.token] };
}

const random = () => crypto.randomUUID().replaceAll("-", "").slice(0, 12);

/** Real values for the fields of the console's forms, by name. */
export function valuesOf({ user, sessionId }: Canary): Record<string, string> {
	return { id: user.id, userId: user.id, sessionId, role: "support", reason: "A test", name: "Eve", ...ofService };
}

const ofService = { scopes: "read", audiences: "https://inventory.example.com" };

/** The address of a route on which the canary shows. */
export function addressOf(route: string, canary: Canary): string {
	const id = route.includes("sessions/[id]") ? canary.sessionId : canary.user.id;
	return route.replace("[id]", id) + (queries[route]?.(canary) ?? "");
}

const found = ({ needle }: Canary) => `?q=${needle}`;
const onThem = ({ needle }: Canary) => `?whom=${needle}`;
const queries: Record<string, (canary: Canary) => string> = {
	"/admin/users": found,
	"/admin/sessions": found,
	"/admin/audit": onThem,
	"/admin/audit/export": onThem,
	"/api/admin/users": found,
	"/api/admin/sessions": found,
	"/api/admin/ended-sessions": found,
	"/api/admin/audit": onThem,
};

/** Routes that show the canary to those who may see it: without them, a test could look for it in the wrong place. */
export const showingCanary = [...Object.keys(queries), "/admin/users/[id]", "/api/admin/users/[id]"];
