/**
 * Lets one look-up serve both the proxy and the page or handler behind it. Every request gets a store of its own when it
 * arrives; what the proxy finds is handed over in it, once, to whoever asks next with the same cookie. This is no cache:
 * the look-up was made for this very request, a moment ago. Without a store or a proxy, whoever asks looks up for itself.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { processWide } from "@/db/process-wide";
import { isSafeMethod } from "@/lib/request/same-origin";
import type { Session } from "./lookup";

/** Longer than any page takes to begin, and shorter than anybody could wait with an answer that has grown stale. */
const GOOD_FOR_MS = 1_000;

interface Store {
	found?: { session: Session; cookie: string; at: number };
}

const stores = processWide("request-stores", () => new AsyncLocalStorage<Store>());

/** Opens the store of the request that has just arrived. Call it where Node announces the request, before Next sees it. */
export function openRequestStore(): void {
	stores.enterWith({});
}

/**
 * Leaves the session for the page or handler. Reading requests only: the body of another may come in slowly, and an
 * action renders the page again after it has changed something.
 */
export function handOver(session: Session, request: { method: string; headers: Headers }): void {
	const store = stores.getStore();
	const cookie = request.headers.get("cookie");
	if (store && cookie && isSafeMethod(request.method)) store.found = { session, cookie, at: performance.now() };
}

/** The session that the proxy found for this request and this cookie; undefined when there is none, or for the second time. */
export function takeHandedOver(cookie: string | null): Session | undefined {
	const store = stores.getStore();
	const found = store?.found;
	if (!store || !found) return undefined;
	store.found = undefined;
	return found.cookie === cookie && performance.now() - found.at < GOOD_FOR_MS ? found.session : undefined;
}
