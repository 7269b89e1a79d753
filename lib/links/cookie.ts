/**
 * Where a link's token stays between the click and the confirmation: in a sealed cookie of this browser, for a while, and
 * no longer in the address. So it is in no history, no Referer, no picture of the screen, and no page (OWASP ASVS 5.0,
 * V14.2.1). One cookie for each purpose, sealed with a key of its own.
 */
import { sealData, unsealData } from "iron-session";
import { cookies } from "next/headers";
import { z } from "zod";
import { keysFor } from "@/lib/keys";
import type { LinkPurpose } from "./purposes";

const KEPT_SECONDS = 3_600;
const sealed = z.object({ token: z.string() });

/** The name of the cookie that holds a link's token. */
export function linkCookieName(purpose: LinkPurpose): string {
	return `__Host-link-${purpose.replaceAll("_", "-")}`;
}

/** Keeps the token of a link that was just followed. */
export async function keepLinkToken(purpose: LinkPurpose, token: string): Promise<void> {
	const [password = ""] = keysFor(label(purpose));
	const seal = await sealData({ token }, { password, ttl: KEPT_SECONDS });
	(await cookies()).set(linkCookieName(purpose), seal, { ...attributes, maxAge: KEPT_SECONDS });
}

/** The token of the link that this browser followed last, or null. */
export async function keptLinkToken(purpose: LinkPurpose): Promise<string | null> {
	const seal = (await cookies()).get(linkCookieName(purpose))?.value;
	if (!seal) return null;
	for (const password of keysFor(label(purpose))) {
		const opened = sealed.safeParse(await unsealData(seal, { password, ttl: KEPT_SECONDS }).catch(() => null));
		if (opened.success) return opened.data.token;
	}
	return null;
}

/** Forgets it, once it was used. */
export async function forgetLinkToken(purpose: LinkPurpose): Promise<void> {
	(await cookies()).set(linkCookieName(purpose), "", { ...attributes, maxAge: 0 });
}

const attributes = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;
const label = (purpose: LinkPurpose) => `kickoff link ${purpose}`;
