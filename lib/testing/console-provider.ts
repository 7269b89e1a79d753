/** Identity providers that an owner adds in the console, for tests: each a provider of its own, with an id of its own. */
import { freePort } from "@/db/embedded-server";
import { addProvider } from "@/lib/identities/add-provider";
import { newProviderSchema } from "@/lib/identities/console-fields";
import { type IdentityProvider, startIdentityProvider } from "@/scripts/identity-provider";
import type { TestSession } from "./people";

/** What the form would send for a provider, as the action gets it. */
export function typedFor(settings: Record<string, unknown>) {
	const { id, name, issuer, clientId, clientSecret } = settings;
	return newProviderSchema.parse({ id, name, issuer, clientId, clientSecret });
}

let count = 0;

/** Starts one, and lets the owner add it. Stop it afterwards. */
export async function addedProvider(owner: TestSession): Promise<IdentityProvider> {
	const id = `added-${++count}`;
	const provider = await startIdentityProvider({
		id,
		port: await freePort(),
		apps: ["http://localhost:3000"],
		people: [],
	});
	await addProvider(owner, typedFor(provider.settings));
	return provider;
}
