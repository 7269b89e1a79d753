/**
 * The headers that make a browser careful. The fixed ones are set on every response by `next.config.ts`; the content
 * security policy of a page carries a nonce, so the proxy makes it anew for each request. (OWASP ASVS 5.0, V3.4.)
 */

const ONE_YEAR_SECONDS = 31_536_000;

/** On every response: pages, handlers, files, redirects and errors. */
export const securityHeaders: Record<string, string> = {
	"Strict-Transport-Security": `max-age=${ONE_YEAR_SECONDS}; includeSubDomains`,
	"X-Content-Type-Options": "nosniff",
	"X-Frame-Options": "DENY",
	"Referrer-Policy": "same-origin",
	"Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	// For responses that are no pages; the proxy replaces it on those that are.
	"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
};

/**
 * The policy of a page. Scripts run only with the nonce, which Next puts on its own when it sees this header on the
 * request. Styles may be inline: charts and popovers position themselves with style attributes.
 *
 * @param formTargets other origins that a form may lead to
 */
export function contentSecurityPolicy(nonce: string, formTargets: string[] = []): string {
	const evalInDevelopment = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
	return [
		"default-src 'self'",
		`script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evalInDevelopment}`,
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		// Browsers hold the redirect that answers a form to this too: "Continue with …" leads there, also without scripts.
		["form-action 'self'", ...formTargets].join(" "),
		"frame-ancestors 'none'",
	].join("; ");
}
