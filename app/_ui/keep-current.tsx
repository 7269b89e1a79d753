"use client";

/**
 * Keeps a page of the console current: fetches it anew when the session feed says that something moved, when the tab
 * comes back, and now and then. Scroll, focus, selection and what is typed stay, because React only changes what differs.
 */
import { useRouter } from "next/navigation";
import { useEffect, useRef, useTransition } from "react";
import { askForSession } from "@/app/_ui/session-stream";

const INTERVAL_MS = 15_000;
/** Where people sign in all the time, something moves all the time. */
const REST_MS = 2_000;
/** Somebody whose pointer moves over `[data-hold-still]` is about to click there; nothing may move under it. */
const AIMING_MS = 1_000;

export function KeepCurrent() {
	const router = useRouter();
	const [refreshing, startTransition] = useTransition();
	const busy = useRef(refreshing);
	busy.current = refreshing;

	useEffect(() => {
		let aimedAt = 0;
		let refreshedAt = 0;
		let waiting: ReturnType<typeof setTimeout> | undefined;
		let interval: ReturnType<typeof setInterval> | undefined;
		let gone = false;

		async function refresh() {
			clearTimeout(waiting);
			if (gone || document.hidden) return;
			const notBefore = Math.max(refreshedAt + REST_MS, aimedAt + AIMING_MS);
			if (busy.current || Date.now() < notBefore) {
				waiting = setTimeout(refresh, Math.max(notBefore - Date.now(), AIMING_MS));
				return;
			}
			refreshedAt = Date.now();
			// Next answers a refresh that fails by leaving the page; one that is a little old is better than none.
			const now = await askForSession();
			if (now && now !== "nobody" && !gone) startTransition(() => router.refresh());
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
			refresh();
		}

		keepUp();
		document.addEventListener("visibilitychange", come);
		document.addEventListener("pointermove", aim, { passive: true });
		for (const event of ["console-changed", "focus", "online"]) window.addEventListener(event, refresh);
		return () => {
			gone = true;
			clearInterval(interval);
			clearTimeout(waiting);
			document.removeEventListener("visibilitychange", come);
			document.removeEventListener("pointermove", aim);
			for (const event of ["console-changed", "focus", "online"]) window.removeEventListener(event, refresh);
		};
	}, [router]);

	return null;
}
