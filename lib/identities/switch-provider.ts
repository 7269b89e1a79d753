/** Turning an identity provider off and on in the console, and deleting it. What its people have here is never deleted. */
import { and, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import { db, type Transaction } from "@/db/client";
import { identities, identityProviders, sessions } from "@/db/schema";
import { forceOut } from "@/lib/admin/force-logout";
import { personBehind } from "@/lib/admin/people";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { type Actor, fenced } from "@/lib/session/fence";
import { isConfigured } from "./providers";

/**
 * Turns the provider off: nobody signs in, links or confirms who they are with it any more, not even who is there already.
 * Gives how many sessions ended.
 *
 * @param signOut whether the sessions that were begun with it end too, as forced logouts by the actor
 */
export async function turnOffProvider(actor: Actor, id: string, signOut: boolean): Promise<number> {
	return fenced(
		actor,
		"providers.manage",
		async (fence) => {
			const { tx } = fence;
			// First, so that a sign-in which is on its way has either begun its session by then or begins none.
			const { name, issuer } = await change(tx, actor, id, sql`coalesce(disabled_at, now())`);
			const count = signOut ? await forceOut(fence, begunWith(issuer, actor), { provider: id }) : 0;
			const detail = { provider: id, name, ...(signOut && { count }) };
			await recordAudit(tx, actor, { action: "provider.turned_off", detail });
			return count;
		},
		{ revokes: true },
	);
}

/** Turns it on again, as it was. */
export async function turnOnProvider(actor: Actor, id: string): Promise<void> {
	await fenced(actor, "providers.manage", async ({ tx }) => {
		const { name } = await change(tx, actor, id, null);
		await recordAudit(tx, actor, { action: "provider.turned_on", detail: { provider: id, name } });
	});
}

/**
 * Deletes the settings of a provider that is turned off, and ends the sessions that were begun with it: it could not end them
 * any more. Identities stay, and are good again if a provider with that issuer is added. Gives how many sessions ended. Throws
 * a Refusal "conflict" while it is turned on.
 */
export async function deleteProvider(actor: Actor, id: string): Promise<number> {
	return fenced(
		actor,
		"providers.manage",
		async (fence) => {
			const { tx } = fence;
			const [row] = await tx.select().from(identityProviders).where(eq(identityProviders.id, id)).for("update");
			if (!row) throw gone();
			if (!row.disabledAt) throw new Refusal("conflict", "It is turned on. Turn it off first.");
			const { name, issuer, clientId } = row;
			const count = await forceOut(fence, begunWith(issuer, actor), { provider: id });
			await tx.delete(identityProviders).where(eq(identityProviders.id, id));
			const detail = { provider: id, name, issuer, clientId, count };
			await recordAudit(tx, actor, { action: "provider.deleted", detail });
			return count;
		},
		{ revokes: true },
	);
}

async function change(tx: Transaction, actor: Actor, id: string, disabledAt: SQL | null) {
	const [row] = await tx
		.update(identityProviders)
		.set({ disabledAt, changedAt: sql`now()`, changedById: personBehind(actor) })
		.where(eq(identityProviders.id, id))
		.returning({ name: identityProviders.name, issuer: identityProviders.issuer });
	if (!row) throw gone();
	return row;
}

const gone = () => new Refusal("not-found", "There is no such identity provider.");

/** All sessions that were begun with an identity of that issuer, except the one that asks; none of the configuration's. */
function begunWith(issuer: string, actor: Actor): SQL | undefined {
	if (isConfigured(issuer)) return sql`false`;
	const theirs = db.select({ id: identities.id }).from(identities).where(eq(identities.issuer, issuer));
	return and(inArray(sessions.identityId, theirs), "operator" in actor ? undefined : ne(sessions.id, actor.id));
}
