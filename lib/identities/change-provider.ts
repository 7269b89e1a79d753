/** Changing an identity provider in the console. Its id and its issuer stay: registrations and people hang from them. */
import { eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { identityProviders } from "@/db/schema";
import { personBehind } from "@/lib/admin/people";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { type Actor, fenced } from "@/lib/session/fence";
import { sealClientSecret } from "./client-secret";
import { type changedProviderSchema, rolesOf } from "./console-fields";

/**
 * Changes what is given; an empty secret stays as it is. Holds for whoever comes from now on. Throws a Refusal "not-found" when
 * there is no such provider in the console.
 */
export async function changeProvider(actor: Actor, typed: z.output<typeof changedProviderSchema>): Promise<void> {
	const { id, name, clientId, clientSecret } = typed;
	const roles = rolesOf(typed);
	const sealed = clientSecret ? { sealedClientSecret: await sealClientSecret(clientSecret) } : {};
	await fenced(actor, "providers.manage", async ({ tx }) => {
		const isIt = eq(identityProviders.id, id);
		const [before] = await tx.select().from(identityProviders).where(isIt).for("update");
		if (!before) throw new Refusal("not-found", "There is no such identity provider.");
		const changed = { changedAt: sql`now()`, changedById: personBehind(actor) };
		await tx
			.update(identityProviders)
			.set({ name, clientId, roles, ...sealed, ...changed })
			.where(isIt);
		const detail = { provider: id, name, clientId, roles, clientSecret: clientSecret ? "changed" : undefined };
		const was = { name: before.name, clientId: before.clientId, roles: before.roles };
		await recordAudit(tx, actor, { action: "provider.changed", detail: { ...detail, was } });
	});
}
