/** Whose sessions are used and taken away in one life: always people of their own, so that each history stands alone. */
import type { Random } from "@/db/seed/random";
import { type Client, createPerson, signIn, startAppSessionOf, startSessionOf } from "./people";
import { anInstance, perform, type World } from "./world";

/** "exporter" is an admin, who may export the audit log. */
export type Kind = "user" | "support" | "exporter" | "impersonation";

export interface Cast {
	kind: Kind;
	/**
	 * Sessions as one person; of an impersonation, the first is the admin's session as that person. The last one may be a
	 * native app's, the first never.
	 */
	clients: Client[];
	/** The admin's own session, from which the impersonation hangs. */
	admin?: Client;
	/** Who acts on that person. */
	boss: Client;
	owner: Client;
}

const SESSIONS_MOST = 4;
/** How often one of them is an app's. */
const APP = 0.5;

export async function makeCast(world: World, kind: Kind, random: Random): Promise<Cast> {
	const { admins, owner } = world.staff;
	const boss = kind === "exporter" ? owner : random.pick(admins);
	if (kind === "impersonation") return { kind, boss, owner, ...(await impersonation(world, random)) };
	const role = kind === "exporter" ? "admin" : kind;
	const clients = await signIn(world.database, role, random.whole(2, SESSIONS_MOST));
	const [{ person }] = clients as [Client];
	if (random.chance(APP)) clients.push(await startAppSessionOf(world.database, person));
	return { kind, boss, owner, clients };
}

async function impersonation(world: World, random: Random): Promise<Pick<Cast, "clients" | "admin">> {
	const target = await createPerson(world.database, "user");
	while (!world.signal.aborted) {
		// Of an admin whose attempt failed nobody knows what may still come of it: each attempt has a new one.
		const [admin] = (await signIn(world.database, "admin")) as [Client];
		const instance = anInstance(world, random);
		const known = { name: "impersonate", session: admin.session, instance, privileged: true };
		const path = `/api/admin/users/${target.id}/impersonation`;
		const body = { reason: "The checker" };
		const { operation, answer } = await perform(world, known, { method: "POST", path, body }, admin, '"session":');
		const cookie = answer?.cookies[0]?.split(";")[0];
		if (operation.outcome !== "served" || !answer || !cookie) continue;
		const session = (JSON.parse(answer.text) as { session: { id: string } }).session.id;
		return {
			admin,
			clients: [{ session, person: target, cookie, impersonation: true }, await startSessionOf(world.database, target)],
		};
	}
	throw world.signal.reason;
}
