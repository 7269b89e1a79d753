/** What every scheme of the comparison must be able to do. */

export type Cookies = Record<string, string>;

export interface Identity {
	userId: string;
	/** Cookies that the answer sets anew. */
	renewed?: Cookies;
}

export interface Scheme {
	/** What a sign-in at that moment gave the person's browser. */
	issue(userId: string, at: Date): Promise<Cookies>;
	/** Who sends these cookies; null for nobody. Asked on every request, in the proxy and again in the page. */
	identify(cookies: Cookies): Promise<Identity | null>;
	/** New cookies for a browser that was refused, where the scheme knows such a thing. */
	refresh?(cookies: Cookies): Promise<Cookies | null>;
	/** All that the scheme can do to put a person out. */
	revoke(userId: string): Promise<void>;
}
