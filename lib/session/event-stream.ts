/** The feed as a stream of server-sent events (WHATWG HTML, section 9.2), for one open tab. */
import { log } from "@/lib/log";
import { allows } from "@/lib/permissions/matrix";
import { type FeedEvent, watchSession } from "./feed";
import type { Session } from "./lookup";

/** Often enough that proxies with a one-minute patience keep the connection. */
const HEARTBEAT_SECONDS = 25;
/** The console may be told once in so many milliseconds; more would only make it blink. */
const CONSOLE_INTERVAL_MS = 1_000;
const RECONNECT_MS = 1_000;

/**
 * The events of a session: "session" at the beginning and whenever it is somebody else's or its person changed, with who it
 * is now; "ended", and the stream closes; and for those who may see the console "console".
 *
 * @param gone aborts when the client has closed the connection
 */
export function sessionEvents(session: Session, gone: AbortSignal): ReadableStream<Uint8Array> {
	let seesConsole = false;
	const encoder = new TextEncoder();
	const closing = new AbortController();
	const over = AbortSignal.any([gone, closing.signal]);

	return new ReadableStream({
		async start(controller) {
			const write = (text: string) => {
				if (!over.aborted) controller.enqueue(encoder.encode(text));
			};
			const send = (event: FeedEvent["kind"], data = "") => write(`event: ${event}\ndata: ${data}\n\n`);
			const sendConsole = coalesced(() => send("console"), CONSOLE_INTERVAL_MS, over);
			const hear = (event: FeedEvent) => {
				if (event.kind === "console") return seesConsole && sendConsole();
				if (event.kind === "ended") {
					send("ended");
					return close(controller);
				}
				const { user, impersonator } = event.identity;
				seesConsole = allows(user.role, "console.view", impersonator !== null);
				send("session", JSON.stringify(event.identity));
			};
			const heartbeat = setInterval(() => write(":\n\n"), HEARTBEAT_SECONDS * 1000);
			over.addEventListener("abort", () => clearInterval(heartbeat));

			write(`retry: ${RECONNECT_MS}\n\n`);
			try {
				const release = await watchSession(session, hear);
				if (over.aborted) release();
				else over.addEventListener("abort", release);
			} catch (error) {
				log.warn({ error }, "a session could not be watched; the tab will ask again");
				close(controller);
			}
		},
		cancel: () => closing.abort(),
	});

	function close(controller: ReadableStreamDefaultController): void {
		if (over.aborted) return;
		closing.abort();
		controller.close();
	}
}

/** Calls at once, and then again after the interval if it was asked for meanwhile. */
function coalesced(call: () => void, intervalMs: number, over: AbortSignal): () => void {
	let timer: NodeJS.Timeout | undefined;
	let again = false;
	over.addEventListener("abort", () => clearTimeout(timer));

	function run(): void {
		again = false;
		call();
		timer = setTimeout(() => {
			timer = undefined;
			if (again) run();
		}, intervalMs);
	}
	return () => {
		if (timer) again = true;
		else run();
	};
}
