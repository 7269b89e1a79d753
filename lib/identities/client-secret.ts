/** Our secrets at identity providers, as the database keeps them: sealed, because the provider wants them in the clear. */
import { sealData, unsealData } from "iron-session";
import { keysFor } from "@/lib/keys";

const passwords = () => keysFor("kickoff provider client secret");

/** Seals a secret for as long as it is in use. */
export function sealClientSecret(secret: string): Promise<string> {
	const [password = ""] = passwords();
	return sealData({ secret }, { password, ttl: 0 });
}

/** The secret; null if no SESSION_SECRET opens the seal (any more). */
export async function openClientSecret(sealed: string): Promise<string | null> {
	for (const password of passwords()) {
		const opened = await unsealData<{ secret?: string }>(sealed, { password, ttl: 0 }).catch(() => null);
		if (opened?.secret) return opened.secret;
	}
	return null;
}
