/** Browsers that go on asking after they were put out, and the count of what they were still served. */
import { setTimeout as wait } from "node:timers/promises";
import type { Cookies } from "./app/schemes/scheme";

/** How often each browser asks. */
export const INTERVAL_MS = 250;
const PATH = "/api/session";

export interface Watched {
	/** Requests that began after the revoking call had returned and were served all the same. */
	served: number;
	/** From the return of the revoking call to the first refusal; null when there was none while we watched. */
	refusedAfterMs: number | null;
}

/** One browser, with a cookie jar of its own. */
export class Browser {
	constructor(
		private readonly url: string,
		private readonly jar: Cookies,
	) {}

	/** Whether the route is served: with a new token, if the old one has run out and the scheme gives one. */
	async isServed(): Promise<boolean> {
		if ((await this.send("GET", PATH)).status === 200) return true;
		if ((await this.send("POST", "/api/refresh")).status !== 204) return false;
		return (await this.send("GET", PATH)).status === 200;
	}

	private async send(method: string, path: string): Promise<Response> {
		const cookie = Object.entries(this.jar)
			.map(([name, value]) => `${name}=${value}`)
			.join("; ");
		const response = await fetch(this.url + path, {
			method,
			headers: { cookie, origin: this.url },
			redirect: "manual",
		});
		await response.arrayBuffer();
		for (const set of response.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
			if (name) this.jar[name] = value ?? "";
		}
		return response;
	}
}

/** Puts the browser's person out, and lets it ask until it is refused or the time is up. */
export async function watchRevocation(
	browser: Browser,
	revoke: () => Promise<void>,
	forMs: number,
	signal: AbortSignal,
): Promise<Watched> {
	if (!(await browser.isServed())) throw new Error("A browser was refused before anybody put it out.");
	await revoke();
	const revokedAt = performance.now();
	let served = 0;
	while (performance.now() - revokedAt < forMs) {
		if (!(await browser.isServed())) return { served, refusedAfterMs: performance.now() - revokedAt };
		served++;
		await wait(INTERVAL_MS, undefined, { signal });
	}
	return { served, refusedAfterMs: null };
}
