/**
 * Which identity providers there are: those of the configuration, and those that owners added in the console. The rows are
 * read each time, so that one which is turned off is gone with the next request, on every instance.
 */
import { db } from "@/db/client";
import { environment } from "@/lib/environment";
import { asRefusal, Refusal } from "@/lib/errors";
import { addressesAt } from "./addresses";
import type { ProviderSettings } from "./provider-settings";
import { everyStoredProvider, type Reader, type StoredProvider, storedProviders } from "./stored-providers";

/** Its secret is in the clear where the configuration says it, and sealed where a row does. */
export type Provider = ProviderSettings | StoredProvider;

/** Everything that can be signed in with: the configuration's in its order, then the console's by name. */
export async function providers(on: Reader = db): Promise<Provider[]> {
	const rows = await storedProviders(on);
	return [...environment().OIDC_PROVIDERS, ...rows.filter((row) => !isOverridden(row))];
}

/**
 * The same for pages that visitors must be able to open without the database: while that is away, the configuration's alone,
 * for whom the way in needs it anyway.
 */
export async function offeredProviders(): Promise<Provider[]> {
	try {
		return await providers();
	} catch (error) {
		if (asRefusal(error)?.code !== "unavailable") throw error;
		return environment().OIDC_PROVIDERS;
	}
}

/** The provider that may be signed in with. */
export async function findProvider(id: string): Promise<Provider | undefined> {
	return configured(id) ?? (await storedProviders(db)).find((row) => row.id === id && !isOverridden(row));
}

/** The same, also while it is turned off: who signs out there is signed out here for as long as it is known. */
export async function findProviderToHear(id: string): Promise<Provider | undefined> {
	return configured(id) ?? (await everyStoredProvider(db)).find((row) => row.id === id && !isOverridden(row));
}

const configured = (id: string) => environment().OIDC_PROVIDERS.find((provider) => provider.id === id);

/** Throws a Refusal "not-found" for one that there is not, or that is turned off. */
export async function requireProvider(id: string): Promise<Provider> {
	const provider = await findProvider(id);
	if (!provider) throw new Refusal("not-found", "There is no such identity provider.");
	return provider;
}

/** Whether the configuration names one with that id or issuer: it wins, because whoever starts the server said so. */
export function isOverridden({ id, issuer }: { id: string; issuer: string }): boolean {
	return environment().OIDC_PROVIDERS.some((one) => one.id === id) || isConfigured(issuer);
}

/** Whether that is an issuer of the configuration: then so are its people and their sessions, also where a row has it too. */
export function isConfigured(issuer: string): boolean {
	return environment().OIDC_PROVIDERS.some((one) => one.issuer === issuer);
}

/** Where the provider sends people back to; as it must be registered there. */
export const callbackUrl = ({ id }: Provider) => addressesAt(environment().APP_URL, id).callback;
