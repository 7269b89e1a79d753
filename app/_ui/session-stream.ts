/**
 * How an open tab hears of its session: by an event stream, as long as somebody can see the tab, and by asking now and then
 * where the stream does not get through. A hidden tab holds no connection and runs no timer; it asks when it is seen again.
 */
import type { Identity } from "@/lib/session/identity";

/** How often the tab asks without a stream. With the answer's way, that is within the two seconds of the promise. */
const POLL_MS = 1_500;
/** After each failure the stream is tried later, up to this. */
const LONGEST_RETRY_MS = 30_000;
/** A stream that says nothing for so long is dead. The server says something every 20 seconds. */
const SILENCE_MS = 45_000;
/** A stream that does not begin within this time is held up by something on the way. */
const BEGINNING_MS = 10_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** A page that was not left after so long is not left any more: somebody has stopped it. */
const LEAVING_TIMEOUT_MS = 30_000;

/** What is heard. */
interface News {
	/** Who the session is now. Comes often, also when nothing changed. */
	onIdentity(identity: Identity): void;
	/** Nobody is signed in any more. Nothing comes after it until the tab is seen again. */
	onEnd(): void;
	/** Something moved that the console shows. */
	onConsole(): void;
}

export interface SessionStream {
	/** Asks right now, whatever the stream says. */
	ask(): Promise<void>;
	/** Hears nothing until the document was left and is shown again. */
	standBack(): void;
	stop(): void;
}

/** Listens, for a page of this session, until `stop`. */
export function listenToSession(sessionId: string, news: News): SessionStream {
	let stream: EventSource | undefined;
	let patience: Timer;
	let poll: Timer;
	let retryMs = POLL_MS;
	let retryAt = 0;
	let standsBack = false;
	/** Aborts what was asked before the tab stopped listening: an answer must not come into another time. */
	let listening = new AbortController();

	async function ask(): Promise<void> {
		if (document.hidden || standsBack) return;
		const { signal } = listening;
		const now = await askForSession(signal);
		if (signal.aborted) return;
		if (now === "nobody") end();
		else if (now) news.onIdentity(now);
	}

	function end(): void {
		pause();
		news.onEnd();
	}

	function open(): void {
		stream = new EventSource("/api/session/feed");
		wait(BEGINNING_MS);
		// It begins with who is there. What moved before, since the page was made or the last stream broke, was told to nobody.
		stream.addEventListener("session", news.onConsole, { once: true });
		hear("session", (data) => news.onIdentity(JSON.parse(data)));
		hear("ended", end);
		hear("console", news.onConsole);
		hear("alive", () => {});
		stream.addEventListener("error", fail);
	}

	function hear(name: string, act: (data: string) => void): void {
		stream?.addEventListener(name, ({ data }: MessageEvent<string>) => {
			// Only what is heard proves that the stream gets through: a proxy may accept it and hold its events back.
			stopPolling();
			retryMs = POLL_MS;
			wait(SILENCE_MS);
			act(data);
		});
	}

	function wait(milliseconds: number): void {
		clearTimeout(patience);
		patience = setTimeout(fail, milliseconds);
	}

	/** The browser would connect again by itself, but not after every failure, and not less often after many. */
	function fail(): void {
		close();
		retryAt = Date.now() + retryMs;
		retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
		ask();
		keepPolling();
	}

	function keepPolling(): void {
		if (poll) return;
		const mine = setTimeout(async () => {
			if (!stream && Date.now() >= retryAt) open();
			await ask();
			if (poll !== mine) return;
			poll = undefined;
			keepPolling();
		}, POLL_MS);
		poll = mine;
	}

	function stopPolling(): void {
		clearTimeout(poll);
		poll = undefined;
	}

	function close(): void {
		clearTimeout(patience);
		stream?.close();
		stream = undefined;
	}

	function pause(): void {
		close();
		stopPolling();
		listening.abort();
		listening = new AbortController();
	}

	function begin(): void {
		if (stream || document.hidden) return;
		open();
		keepPolling();
	}

	function come(): void {
		if (standsBack) return;
		if (document.hidden) return pause();
		begin();
		ask();
	}

	function standBack(): void {
		pause();
		standsBack = true;
		patience = setTimeout(comeForward, LEAVING_TIMEOUT_MS);
	}

	function comeForward(): void {
		standsBack = false;
		come();
	}

	// The tabs of a browser share its cookie: one that shows another session makes the others look who is there now.
	const tabs = new BroadcastChannel("session");
	tabs.postMessage(sessionId);
	tabs.onmessage = ({ data }) => data !== sessionId && come();

	const stopped = new AbortController();
	const { signal } = stopped;
	document.addEventListener("visibilitychange", come, { signal });
	window.addEventListener("pagehide", pause, { signal });
	window.addEventListener("pageshow", comeForward, { signal });
	for (const event of ["focus", "popstate", "online"]) window.addEventListener(event, come, { signal });
	begin();

	return {
		ask,
		standBack,
		stop() {
			pause();
			tabs.close();
			stopped.abort();
		},
	};
}

type Timer = ReturnType<typeof setTimeout> | undefined;

/** Who is signed in: "nobody", or null when there is no answer. */
export async function askForSession(stop?: AbortSignal): Promise<Identity | "nobody" | null> {
	const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
	const signal = stop ? AbortSignal.any([stop, timeout]) : timeout;
	try {
		const answer = await fetch("/api/session", { cache: "no-store", signal });
		if (answer.status === 401) return "nobody";
		return answer.ok ? await answer.json() : null;
	} catch {
		return null;
	}
}
