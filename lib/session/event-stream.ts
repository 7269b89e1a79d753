/** The feed as a stream of server-sent events (WHATWG HTML, section 9.2), for one open tab. */
import { allows } from "@/lib/permissions/matrix";
import { type FeedEvent, refusalFor, watchSession } from "./feed";
import type { Session } from "./lookup";

/**
 * Often enough that proxies with a one-minute patience keep the connection, and that a tab whose line went dead notices.
 * An event and not a comment, which a page cannot see.
 */
const SIGN_OF_LIFE_SECONDS = 20;
/** The console may be told once in so many milliseconds; more would only make it blink. */
const CONSOLE_INTERVAL_MS = 1_000;
/** A reader who is so many events behind has gone, or holds our memory on purpose. */
const MOST_UNREAD_EVENTS = 100;

/**
 * The events of a session: "session" at the beginning and whenever its person changed, with who it is now; "ended", and the
 * stream closes; for those who may see the console "console"; and "alive" now and then. When nobody can say any more
 * whether the session lives, the stream just closes.
 *
 * Resolves when the feed has said who the session is now. Throws a Refusal "session-ended" or "unavailable" when it says
 * otherwise: nobody is answered with a stream of a session that ended after its look-up.
 *
 * @param gone aborts when the client has closed the connection
 */
export async function sessionEvents(session: Session, gone: AbortSignal): Promise<ReadableStream<Uint8Array>> {
	const { promise: begun, resolve: begin, reject: refuse } = Promise.withResolvers<void>();
	const encoder = new TextEncoder();
	const closing = new AbortController();
	const over = AbortSignal.any([gone, closing.signal]);

	const stream = new ReadableStream<Uint8Array>({
		start(controller) {
			if (over.aborted) return begin();
			let seesConsole = false;
			const sendConsole = coalesced(() => seesConsole && send("console"), CONSOLE_INTERVAL_MS, over);
			const alive = setInterval(() => send("alive"), SIGN_OF_LIFE_SECONDS * 1000);
			const release = watchSession(session, hear);
			over.addEventListener("abort", () => {
				clearInterval(alive);
				release();
				begin();
			});

			function hear(event: FeedEvent): void {
				if (event.kind === "console") return seesConsole ? sendConsole() : undefined;
				if (event.kind === "session") {
					const { user, impersonator } = event.identity;
					seesConsole = allows(user.role, "console.view", impersonator !== null);
					send("session", JSON.stringify(event.identity));
					return begin();
				}
				refuse(refusalFor(event.kind));
				if (event.kind === "ended") send("ended");
				close(controller);
			}

			function send(event: string, data = ""): void {
				if (over.aborted) return;
				controller.enqueue(encoder.encode(`event: ${event}\ndata: ${data}\n\n`));
				if ((controller.desiredSize ?? 0) < -MOST_UNREAD_EVENTS) close(controller);
			}
		},
		cancel: () => closing.abort(),
	});
	await begun;
	return stream;

	function close(controller: ReadableStreamDefaultController): void {
		if (over.aborted) return;
		closing.abort();
		controller.close();
	}
}

/** Calls at once, and then again after the interval if it was asked for meanwhile. */
function coalesced(call: () => unknown, intervalMs: number, over: AbortSignal): () => void {
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
