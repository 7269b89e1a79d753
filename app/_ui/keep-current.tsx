"use client";

/**
 * Keeps a page of the console current: fetches it anew when the session feed says that something moved, when the tab
 * comes back, and now and then. Scroll, focus, selection and what is typed stay, because React only changes what differs.
 * It rests, and says so, while nobody is there: otherwise an open console would keep its own session from becoming idle.
 */
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { askForSession } from "@/app/_ui/session-stream";

const INTERVAL_MS = 15_000;
/** Where people sign in all the time, something moves all the time. */
const REST_MS = 2_000;
/** Somebody whose pointer moves over `[data-hold-still]` is about to click there; nothing may move under it. */
const AIMING_MS = 1_000;
/** Somebody who has not moved a pointer or pressed a key for so long may have left. */
const ATTENTION_MS = 10 * 60_000;
const ATTENTION = ["pointermove", "pointerdown", "keydown", "wheel"];

export function KeepCurrent() {
	const router = useRouter();
	const [refreshing, startTransition] = useTransition();
	const [resting, setResting] = useState(false);
	const busy = useRef(refreshing);
	busy.current = refreshing;

	useEffect(() => {
		let attendedAt = Date.now();
		let aimedAt = 0;
		let refreshedAt = 0;
		let waiting: ReturnType<typeof setTimeout> | undefined;
		let interval: ReturnType<typeof setInterval> | undefined;
		const gone = new AbortController();
		const { signal } = gone;

		async function refresh() {
			clearTimeout(waiting);
			if (signal.aborted || document.hidden) return;
			if (isAlone()) return setResting(true);
			const notBefore = Math.max(refreshedAt + REST_MS, aimedAt + AIMING_MS);
			if (busy.current || Date.now() < notBefore) {
				waiting = setTimeout(refresh, Math.max(notBefore - Date.now(), AIMING_MS));
				return;
			}
			refreshedAt = Date.now();
			// Next answers a refresh that fails by leaving the page; one that is a little old is better than none.
			const now = await askForSession(signal);
			if (now && now !== "nobody" && !signal.aborted) startTransition(() => router.refresh());
		}

		const isAlone = () => Date.now() - attendedAt > ATTENTION_MS;
		function attend() {
			const wasAlone = isAlone();
			attendedAt = Date.now();
			if (!wasAlone) return;
			setResting(false);
			refresh();
		}
		function aim(event: PointerEvent) {
			if ((event.target as Element | null)?.closest("[data-hold-still]")) aimedAt = Date.now();
		}

		/** A hidden tab runs no timer, and is made current when it is seen again. */
		function keepUp() {
			clearInterval(interval);
			clearTimeout(waiting);
			if (!document.hidden) interval = setInterval(refresh, INTERVAL_MS);
		}
		function come() {
			keepUp();
			if (document.hidden) return;
			attend();
			refresh();
		}

		keepUp();
		document.addEventListener("visibilitychange", come, { signal });
		document.addEventListener("pointermove", aim, { signal, passive: true });
		for (const event of ATTENTION) document.addEventListener(event, attend, { signal, passive: true });
		window.addEventListener("focus", come, { signal });
		for (const event of ["console-changed", "online"]) window.addEventListener(event, refresh, { signal });
		return () => {
			gone.abort();
			clearInterval(interval);
			clearTimeout(waiting);
		};
	}, [router]);

	return (
		<p role="status" className={note}>
			{resting && "Not kept current while nobody is here."}
		</p>
	);
}

const note =
	"fixed inset-x-0 bottom-4 z-20 mx-auto w-fit rounded-full border bg-raised px-3 py-1 text-muted text-sm shadow-popup empty:hidden";
