/**
 * The check against cross-site request forgery: an unsafe request must come from one of our own origins. The session
 * cookie is SameSite=Lax as well, but sibling subdomains are the same *site*, and Next's own check compares hosts only
 * and lets a missing Origin through. (OWASP ASVS 5.0, V3.5.1.)
 */
import { environment } from "@/lib/environment";
import { Refusal } from "@/lib/errors";
import { logRefused } from "@/lib/log";
import { requestOrigin } from "./origin";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether the method only reads (RFC 9110, section 9.2.1). */
export function isSafeMethod(method: string): boolean {
	return SAFE_METHODS.has(method);
}

/** Whether a request may have an effect: safe, or from an allowed origin, or (without Origin) from this very origin. */
export function isSameOrigin(method: string, headers: Headers): boolean {
	if (isSafeMethod(method)) return true;
	const origin = headers.get("origin");
	if (origin !== null) return allowedOrigins().has(origin);
	return headers.get("sec-fetch-site") === "same-origin";
}

/** Throws a Refusal where {@link isSameOrigin} says no. */
export function requireSameOrigin(method: string, headers: Headers): void {
	if (isSameOrigin(method, headers)) return;
	logRefused("foreign-origin", { ip: requestOrigin(headers).ip, origin: headers.get("origin") });
	throw new Refusal("foreign-origin", "This request came from another site.");
}

/** APP_URL and ALLOWED_ORIGINS. */
export function allowedOrigins(): Set<string> {
	const { APP_URL, ALLOWED_ORIGINS } = environment();
	return new Set([APP_URL, ...ALLOWED_ORIGINS]);
}
