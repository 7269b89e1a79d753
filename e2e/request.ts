/** Requests without a browser, for what a browser would not send or not show. */
import type { SignedIn } from "./people";

interface Options {
	/** Whose cookie to send; left out, a visitor's request. */
	as?: Pick<SignedIn, "cookie"> | null;
	method?: string;
	headers?: Record<string, string>;
	body?: BodyInit | Buffer;
	/** The instance to ask; the first one if left out. */
	on?: string;
	/** Where it claims to come from; null for no claim at all, our own page if left out. */
	origin?: string | null;
}

/** Asks the app for a path and follows no redirect. What is not said is as a page of ours would say it. */
export function request(path: string, { as, on = appUrl(), origin = on, ...options }: Options = {}): Promise<Response> {
	// Compressing what nobody carries anywhere would be a good part of the work.
	const headers = new Headers({ "Accept-Encoding": "identity" });
	if (origin !== null) headers.set("Origin", origin);
	if (as) headers.set("Cookie", as.cookie);
	for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
	const { method = "GET", body } = options;
	return fetch(new URL(path, on), { method, headers, body: body as BodyInit | undefined, redirect: "manual" });
}

/** The first instance: the address in APP_URL. */
export const appUrl = () => process.env.APP_URL as string;
/** The other instance on the same database. */
export const secondAppUrl = () => process.env.SECOND_APP_URL as string;
/** An instance without `proxy.ts`. */
export const appWithoutProxyUrl = () => process.env.APP_WITHOUT_PROXY_URL as string;
/** An allowed origin at which nothing answers, until spa.spec.ts serves a page there. */
export const spaUrl = () => process.env.SPA_URL as string;
/** The first instance by way of HTTPS. */
export const httpsUrl = () => process.env.HTTPS_APP_URL as string;
