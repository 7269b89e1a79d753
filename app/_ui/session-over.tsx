"use client";

/**
 * The end of a session in an open tab: the page is covered at once, so that nobody reads, hears or reaches anything of it,
 * and is left by a hard navigation, so that nothing of it survives in memory. Without a server it stays covered.
 */
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Button } from "@/app/_ui/button";
import { keepForms } from "@/app/_ui/kept-form";
import { askForSession } from "@/app/_ui/session-stream";
import type { Identity } from "@/lib/session/identity";

const TRY_AGAIN_MS = 3_000;

/** `onIdentity` is told when somebody is signed in after all. */
export function SessionOver({ onIdentity }: { onIdentity: (now: Identity) => void }) {
	const cover = useRef<HTMLDialogElement>(null);
	const [unreachable, setUnreachable] = useState(false);
	const somebodyIsThere = useEffectEvent(onIdentity);

	// A modal dialog is above everything, and all else is inert: not to be focused, found, selected or read out.
	useLayoutEffect(() => {
		const dialog = cover.current;
		dialog?.showModal();
		return () => dialog?.close();
	}, []);

	useEffect(() => {
		const uncovered = new AbortController();
		const { signal } = uncovered;
		let again: ReturnType<typeof setTimeout>;

		/** Asks once more: without a server, the browser would leave for an error page of its own. */
		async function leave() {
			const now = await askForSession(signal);
			if (signal.aborted) return;
			if (now === "nobody") return goToSignIn();
			if (now) return somebodyIsThere(now);
			setUnreachable(true);
			clearTimeout(again);
			again = setTimeout(leave, TRY_AGAIN_MS);
		}

		leave();
		window.addEventListener("pageshow", leave, { signal });
		return () => {
			uncovered.abort();
			clearTimeout(again);
		};
	}, []);

	return createPortal(
		// Where a browser does not know `closedby` yet, a second Escape closes what refused the first.
		<dialog
			ref={cover}
			closedby="none"
			onClose={() => cover.current?.showModal()}
			aria-labelledby="session-over"
			className={layout}
		>
			<div className="max-w-md px-6 text-center">
				<h2 id="session-over" className="font-semibold text-xl tracking-tight">
					You were signed out.
				</h2>
				<p role="status" className="mt-3 text-muted empty:hidden">
					{unreachable && "The server cannot be reached right now. We keep trying."}
				</p>
				<div className={late}>
					<Button onClick={goToSignIn}>Go to sign-in</Button>
				</div>
			</div>
		</dialog>,
		document.body,
	);
}

const layout =
	"fixed inset-0 m-0 grid size-full max-h-none max-w-none place-items-center bg-canvas text-ink outline-none backdrop:bg-canvas";

/** Most are gone before they would need it. */
const late = "mt-6 transition-opacity delay-2000 duration-300 starting:opacity-0";

/** The sign-in page knows the reason, from the cookie. */
function goToSignIn(): void {
	keepForms();
	location.replace(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
