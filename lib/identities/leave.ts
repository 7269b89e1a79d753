/** The way out at the provider, for those who signed in with it: signing out here leaves them signed in there. */
import { eq } from "drizzle-orm";
import { buildEndSessionUrl } from "openid-client";
import { db } from "@/db/client";
import { identities, sessions } from "@/db/schema";
import { environment } from "@/lib/environment";
import { configurationOf, metadataOf } from "./metadata";
import { findProvider, type Provider, providers } from "./providers";

/** The provider with which the session was begun; undefined if it was not, or if there is no such provider any more. */
export async function providerOf(sessionId: string): Promise<Provider | undefined> {
	const [begun] = await db
		.select({ issuer: identities.issuer })
		.from(sessions)
		.innerJoin(identities, eq(identities.id, sessions.identityId))
		.where(eq(sessions.id, sessionId));
	return begun && (await providers()).find(({ issuer }) => issuer === begun.issuer);
}

/**
 * Where to sign out at the provider (OpenID Connect RP-Initiated Logout 1.0); our own sign-in page if it has no such place
 * or does not answer. We keep no ID token to give it as a hint, so it may ask the person whether they mean it.
 */
export async function leavingAddress(providerId: string): Promise<string> {
	const provider = await findProvider(providerId);
	const back = `${environment().APP_URL}/sign-in`;
	try {
		if (!provider || !(await metadataOf(provider)).end_session_endpoint) return back;
		return buildEndSessionUrl(await configurationOf(provider), { post_logout_redirect_uri: back }).href;
	} catch {
		return back;
	}
}
