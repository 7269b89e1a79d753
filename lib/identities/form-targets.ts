/**
 * Where the form "Continue with …" leads: browsers hold the redirect that answers a form to the page's policy. Kept where the
 * proxy finds it, which waits for no provider and needs nothing else of them.
 */
import { processWide } from "@/db/process-wide";
import { offeredProviders } from "./providers";

/** The pages that have such a form. Everywhere else one goes there by a link, or a script. */
const PAGES = new Set(["/sign-in", "/settings/security"]);

/** By the issuer; what it says about itself may be anywhere. */
const known = () => processWide("provider-form-targets", () => new Map<string, string>());

/** Takes note of where the provider has people sent. */
export function noteFormTarget(issuer: string, authorizationEndpoint: string): void {
	known().set(issuer, new URL(authorizationEndpoint).origin);
}

/**
 * The other origins that forms of a page may lead to. Until a provider was first asked, its issuer's stands in for it. The
 * database is asked for the pages alone that have such a form.
 */
export async function formTargets(pathname: string): Promise<string[]> {
	if (!PAGES.has(pathname)) return [];
	return (await offeredProviders()).map(({ issuer }) => known().get(issuer) ?? new URL(issuer).origin);
}
