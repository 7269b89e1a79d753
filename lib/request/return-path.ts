/** Where `next=` may lead after signing in: to a path of ours, or nowhere (OWASP ASVS 5.0, V3.7.2). */

const DEFAULT_PATH = "/dashboard";
const ORIGIN_FOR_PARSING = "http://same-origin.invalid";

/**
 * The path, query and fragment of `next` if it stays on this origin, and the dashboard otherwise. Resolving against a
 * made-up origin is what a browser would do, so `//evil`, `/\evil`, `https:evil` and control characters are all caught.
 */
export function safeReturnPath(next: unknown): string {
	if (typeof next !== "string" || !next.startsWith("/") || !URL.canParse(next, ORIGIN_FOR_PARSING)) return DEFAULT_PATH;
	const url = new URL(next, ORIGIN_FOR_PARSING);
	if (url.origin !== ORIGIN_FOR_PARSING || url.pathname.startsWith("//")) return DEFAULT_PATH;
	return url.pathname + url.search + url.hash;
}

/** The sign-in page, remembering where the person wanted to go. */
export function signInPath(wanted: string): string {
	return `/sign-in?${new URLSearchParams({ next: wanted })}`;
}
