/** The rows of identity providers that owners added in the console. */
import { and, asc, eq, isNull, type SQL } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { identityProviders } from "@/db/schema";
import type { ProviderSettings } from "./provider-settings";
import { ProviderRefusal } from "./refusals";

/** As the configuration would say it, but for the secret: only what talks to the provider opens it. */
export interface StoredProvider extends Omit<ProviderSettings, "clientSecret"> {
	sealedClientSecret: string;
}

/** The database, or a transaction in it. */
export type Reader = Pick<Transaction, "select">;

/** Those that are turned on, by name. */
export const storedProviders = (on: Reader) => readProviders(on, isNull(identityProviders.disabledAt));

/** Those that are turned off as well. */
export const everyStoredProvider = (on: Reader) => readProviders(on, undefined);

async function readProviders(on: Reader, which: SQL | undefined): Promise<StoredProvider[]> {
	const { id, name, issuer, clientId, sealedClientSecret, roles } = identityProviders;
	const rows = await on
		.select({ id, name, issuer, clientId, sealedClientSecret, roles })
		.from(identityProviders)
		.where(which)
		.orderBy(asc(name), asc(id));
	return rows.map((row) => ({ ...row, roles: row.roles ?? undefined }));
}

/**
 * Holds a provider as it is until the transaction ends: turning it off either waits, and then finds the session that began
 * here, or was first. Throws a ProviderRefusal "turned-off" then. The configuration's change with a restart only.
 */
export async function requireStillOn(tx: Transaction, provider: ProviderSettings | StoredProvider): Promise<void> {
	if ("clientSecret" in provider) return;
	const isIt = and(eq(identityProviders.id, provider.id), eq(identityProviders.issuer, provider.issuer));
	const [row] = await tx
		.select({ id: identityProviders.id })
		.from(identityProviders)
		.where(and(isIt, isNull(identityProviders.disabledAt)))
		.for("share");
	if (!row) throw new ProviderRefusal("turned-off");
}
