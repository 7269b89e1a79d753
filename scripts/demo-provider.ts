/** `npm run dev` has an identity provider, so that "Continue with …" works out of the box. */
import { demoPeople } from "@/db/seed/people";
import { fillIn } from "./environment";
import type { Launch } from "./launch";

/** Away from the ports of checkouts that run side by side, and always the same: the issuer is a part of every identity. */
const PORTS_APART = 10_000;

/** Starts one that knows the demo people, unless OIDC_PROVIDERS names others. Goes on without when that fails. */
export async function offerDemoProvider(port: number, run: Launch): Promise<void> {
	if (process.env.OIDC_PROVIDERS) return;
	// Loaded here: a production install does not have it.
	const { startIdentityProvider } = await import("./identity-provider");
	const apps = [process.env.APP_URL as string];
	const itsPort = port + PORTS_APART;
	try {
		const provider = await startIdentityProvider({ port: itsPort, apps, people: demoPeople });
		run.onExit(provider.stop);
		fillIn("OIDC_PROVIDERS", () => JSON.stringify([provider.settings]));
	} catch (error) {
		const { message } = error as Error;
		console.error(`There is no demo identity provider this time, because port ${itsPort} will not do (${message}).`);
	}
}
