/**
 * Server actions by themselves: catches the request that a page is about to send, so that a test can send it as anybody
 * else. Whoever may not act must not be able to by sending what those send who may.
 */
import type { Page, Request } from "@playwright/test";
import type { SignedIn } from "./people";
import { request } from "./request";

/** What a page sends to run a server action, without the cookie. */
export interface RecordedAction {
	path: string;
	headers: Record<string, string>;
	body: Buffer;
}

/**
 * Does something on the page and gives the action that it would have run. The server never hears of it, nor of any later
 * action of this page: Next sends them one after the other, so a second click would come through when the first is caught.
 */
export async function recordAction(page: Page, act: () => Promise<void>): Promise<RecordedAction> {
	const caught = Promise.withResolvers<Request>();
	await page.route(
		() => true,
		async (route) => {
			if (!route.request().headers()["next-action"]) return route.fallback();
			// Only then is it caught: a page that is closed lets go what it still holds, and the server would hear of it.
			await route.abort();
			caught.resolve(route.request());
		},
	);
	const [sent] = await Promise.all([caught.promise, act()]);
	const { pathname, search } = new URL(sent.url());
	const all = sent.headers();
	const names = ["accept", "content-type", "next-action", "next-router-state-tree"];
	const headers = Object.fromEntries(names.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
	return { path: pathname + search, headers, body: sent.postDataBuffer() ?? Buffer.alloc(0) };
}

interface Sender {
	as: Pick<SignedIn, "cookie"> | null;
	on?: string;
	/** What differs from what the page would send. */
	headers?: Record<string, string>;
}

/** Sends a recorded action, and waits for all of the answer: it begins before the action is done. */
export async function replay(
	{ path, headers, body }: RecordedAction,
	{ as, on, headers: others }: Sender,
): Promise<{ status: number; text: string; cookies: string[] }> {
	const answer = await request(path, { method: "POST", as, on, body, headers: { ...headers, ...others } });
	return { status: answer.status, text: await answer.text(), cookies: answer.headers.getSetCookie() };
}

/** The same action about somebody else: every `from` in it becomes `to`. */
export function instead({ path, headers, body }: RecordedAction, from: string, to: string): RecordedAction {
	return {
		headers,
		path: path.replaceAll(from, to),
		body: Buffer.from(body.toString("latin1").replaceAll(from, to), "latin1"),
	};
}
