/** A new identity provider, from the console. It is asked who it is before anybody can be sent there. */
import { and, eq, or } from "drizzle-orm";
import type { z } from "zod";
import type { Transaction } from "@/db/client";
import { isUniqueViolation } from "@/db/errors";
import { identities, identityProviders } from "@/db/schema";
import { personBehind } from "@/lib/admin/people";
import { recordAudit } from "@/lib/audit/record";
import { environment } from "@/lib/environment";
import { Refusal } from "@/lib/errors";
import { type Actor, fenced } from "@/lib/session/fence";
import { isUnreachable } from "./answer";
import { sealClientSecret } from "./client-secret";
import { type newProviderSchema, rolesOf } from "./console-fields";
import { isLinked } from "./link";
import { askAnew, OtherIssuer } from "./metadata";
import { isIssuer } from "./provider-settings";
import { ProviderRefusal } from "./refusals";

type NewProvider = z.output<typeof newProviderSchema>;

/**
 * Adds the provider; gives how many people are linked with its issuer from before, and can sign in with it again. Throws a
 * Refusal "conflict" for an id or an issuer that another provider has, "invalid" when the issuer is not one that answers.
 */
export async function addProvider(actor: Actor, provider: NewProvider): Promise<number> {
	const { id, name, issuer, clientId, clientSecret } = provider;
	const roles = rolesOf(provider);
	// Under the fence before the provider is asked, because nobody else makes us talk to a host; and again afterwards, because
	// nothing is locked while it takes its time.
	await fenced(actor, "providers.manage", ({ tx }) => requireUnused(tx, provider));
	await requireItself(provider);
	const sealedClientSecret = await sealClientSecret(clientSecret);
	try {
		return await fenced(actor, "providers.manage", async ({ tx }) => {
			await requireUnused(tx, provider);
			const by = personBehind(actor);
			await tx
				.insert(identityProviders)
				.values({ id, name, issuer, clientId, sealedClientSecret, roles, createdById: by, changedById: by });
			const detail = { provider: id, name, issuer, clientId, ...(roles && { roles }) };
			await recordAudit(tx, actor, { action: "provider.added", detail });
			return tx.$count(identities, and(eq(identities.issuer, issuer), isLinked));
		});
	} catch (error) {
		if (!isUniqueViolation(error)) throw error;
		throw new Refusal("conflict", "Somebody else has just added a provider with that id or issuer.");
	}
}

/** Two with one id would have one address, and two with one issuer would be one: an identity is known by its issuer. */
async function requireUnused(tx: Transaction, { id, issuer }: NewProvider): Promise<void> {
	const rows = await tx
		.select({ id: identityProviders.id, issuer: identityProviders.issuer })
		.from(identityProviders)
		.where(or(eq(identityProviders.id, id), eq(identityProviders.issuer, issuer)));
	const others = [...environment().OIDC_PROVIDERS, ...rows];
	const taken = {
		...(others.some((one) => one.id === id) && { id: ["Another provider has that id."] }),
		...(others.some((one) => one.issuer === issuer) && { issuer: ["Another provider has that issuer."] }),
	};
	const [first] = Object.values(taken).flat();
	if (first) throw new Refusal("conflict", first, taken);
}

async function requireItself(provider: NewProvider): Promise<void> {
	try {
		await askAnew(provider);
	} catch (error) {
		if (!(error instanceof ProviderRefusal)) throw error;
		const message = explain(error.cause);
		throw new Refusal("invalid", message, { issuer: [message] });
	}
}

function explain(cause: unknown): string {
	if (isUnreachable(cause)) return "It does not answer at this address.";
	if (!(cause instanceof OtherIssuer)) return "What answers at this address is no identity provider that we can use.";
	// An address and no more: whoever answers there may say anything.
	return isIssuer(cause.itself) && cause.itself.length <= 200
		? `It calls itself ${cause.itself}, which has to be written exactly so.`
		: "It calls itself otherwise. If it is for several tenants, enter the issuer of your own.";
}
