/**
 * By what a browser is known again that went to an identity provider: a random token in a cookie of its own. All visits of
 * the browser share it, so that people may have two tabs open.
 */
import { cookies } from "next/headers";
import { newToken } from "@/lib/session/token";
import { VISIT_SECONDS } from "./visit";

const COOKIE = "__Host-provider-visit";

/** The browser's token; null if it went nowhere lately. */
export async function browserToken(): Promise<string | null> {
	const value = (await cookies()).get(COOKIE)?.value ?? "";
	return /^[\w-]{43}$/.test(value) ? value : null;
}

/** The browser's token, a new one if it has none, kept for another visit. In an action or a handler. */
export async function keepBrowserToken(): Promise<string> {
	const token = (await browserToken()) ?? newToken();
	const attributes = { httpOnly: true, secure: true, sameSite: "lax", path: "/", maxAge: VISIT_SECONDS } as const;
	(await cookies()).set(COOKIE, token, attributes);
	return token;
}
