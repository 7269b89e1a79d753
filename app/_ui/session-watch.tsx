"use client";

/**
 * Keeps an open tab honest. It listens to the session's event stream while the tab is visible, and asks anew whenever the
 * tab comes back: on focus, from the back-forward cache, on Back and on soft navigation. When the session is over, it
 * covers the page at once and leaves by a hard navigation, so that nothing of it survives in memory.
 */
import { usePathname, useRouter } from "next/navigation";
import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import { type Identity, isSameIdentity } from "@/lib/session/identity";

/** When the stream cannot be kept (a proxy in between may break it), the tab asks so often instead. */
const POLL_MS = 1_500;
/** So long a page may take to show who is there now; then it is fetched again, and in the end the whole document. */
const CATCH_UP_MS = 2_000;
const CATCH_UP_ATTEMPTS = 3;

/** The session that this document has shown pages of. Never another one: what it has in memory is that person's. */
let shownSession: string | undefined;

/** Whether this document has shown a signed-in page since it was loaded. */
export function hasShownSession(): boolean {
	return shownSession !== undefined;
}

/** `shown` is whom the page was made for. */
export function SessionWatch({ shown }: { shown: Identity }) {
	const router = useRouter();
	const pathname = usePathname();
	const [over, setOver] = useState(false);
	const leaving = useRef(false);

	const sessionId = shown.session.id;
	useEffect(() => {
		if (shownSession && shownSession !== sessionId) location.reload();
		shownSession = sessionId;
	}, [sessionId]);

	const leave = useCallback(() => {
		if (leaving.current) return;
		leaving.current = true;
		// Forms keep what was typed.
		window.dispatchEvent(new Event("session-over"));
		setOver(true);
		location.replace(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
	}, []);

	const catchingUp = useRef<ReturnType<typeof setTimeout>>(undefined);
	const attempts = useRef(0);

	/** Compares whom the page shows with who is there: the one place that decides whether the page is out of date. */
	const hearWhoItIs = useEffectEvent((now: Identity) => {
		if (leaving.current) return;
		if (now.session.id !== shown.session.id) {
			// Signed in anew in another tab; or as somebody else, or an impersonation began: this page may not be theirs.
			if (now.user.id === shown.user.id) location.reload();
			else location.assign("/dashboard");
		} else if (isSameIdentity(now, shown)) {
			attempts.current = 0;
		} else if (!catchingUp.current) {
			catchUp();
		}
	});

	function catchUp() {
		if (attempts.current++ < CATCH_UP_ATTEMPTS) router.refresh();
		else location.reload();
		// A navigation that begins meanwhile lets a refresh be forgotten, so we look again afterwards.
		catchingUp.current = setTimeout(() => {
			catchingUp.current = undefined;
			check();
		}, CATCH_UP_MS);
	}
	useEffect(() => () => clearTimeout(catchingUp.current), []);

	const check = useCallback(async () => {
		const answer = await fetch("/api/session", { cache: "no-store" }).catch(() => null);
		if (answer?.status === 401) leave();
		else if (answer?.ok) hearWhoItIs(await answer.json());
	}, [leave]);

	useEffect(() => {
		let stream: EventSource | undefined;
		let poll: ReturnType<typeof setInterval> | undefined;

		function open() {
			if (stream || document.hidden) return;
			stream = new EventSource("/api/session/feed");
			stream.addEventListener("open", stopPolling);
			stream.addEventListener("ended", leave);
			stream.addEventListener("session", ({ data }) => hearWhoItIs(JSON.parse(data)));
			stream.addEventListener("console", () => window.dispatchEvent(new Event("console-changed")));
			stream.addEventListener("error", () => {
				check();
				poll ??= setInterval(comeBack, POLL_MS);
				// The browser itself connects again, except after an answer that was no stream.
				if (stream?.readyState === EventSource.CLOSED) stream = undefined;
			});
		}
		function stopPolling() {
			clearInterval(poll);
			poll = undefined;
		}
		/** A hidden tab holds no connection; browsers allow only six to one origin. */
		function close() {
			stream?.close();
			stream = undefined;
			stopPolling();
		}
		/** A form that ends this very session leaves by itself; going first would cut its answer off. */
		function standBack(event: SubmitEvent) {
			if ((event.target as HTMLElement).dataset.endsSession === undefined) return;
			leaving.current = true;
			close();
		}
		function comeBack(event?: Event) {
			// A document that was left by such a form, and that the browser has kept.
			if (event?.type === "pageshow") leaving.current = false;
			if (document.hidden) return close();
			check();
			open();
		}

		open();
		document.addEventListener("submit", standBack);
		document.addEventListener("visibilitychange", comeBack);
		for (const event of ["focus", "pageshow", "popstate", "online"]) window.addEventListener(event, comeBack);
		return () => {
			close();
			document.removeEventListener("submit", standBack);
			document.removeEventListener("visibilitychange", comeBack);
			for (const event of ["focus", "pageshow", "popstate", "online"]) window.removeEventListener(event, comeBack);
		};
	}, [check, leave]);

	const asked = useRef(pathname);
	useEffect(() => {
		if (asked.current !== pathname) check();
		asked.current = pathname;
	}, [check, pathname]);

	if (!over) return null;
	return (
		<div role="status" className="fixed inset-0 z-100 grid place-items-center bg-canvas">
			You were signed out.
		</div>
	);
}
