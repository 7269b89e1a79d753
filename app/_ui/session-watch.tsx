"use client";

/**
 * Keeps an open tab honest: the page shows who is there now, or it goes. What it hears, and when it asks, is told in
 * `session-stream.ts`; how it leaves when the session is over, in `session-over.tsx`.
 */
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { keepForms } from "@/app/_ui/kept-form";
import { SessionOver } from "@/app/_ui/session-over";
import { listenToSession, type SessionStream } from "@/app/_ui/session-stream";
import { type Identity, isSameIdentity } from "@/lib/session/identity";

/** So often a page is fetched again until it shows who is there now, and so long each may take; then the document is. */
type Patience = { attempts: number; waitMs: number };
const PATIENCE: Patience = { attempts: 3, waitMs: 2_000 };
/**
 * A page for another role may show what is not theirs any more. It cannot wait for a refresh that is held up: React shows
 * none before every act that has begun is done, and one of those may wait for its proof.
 */
const PATIENCE_WITH_ROLE: Patience = { attempts: 1, waitMs: 1_000 };
/** A form that was sent before this script ran may have changed who is there, and is about to leave: going first would stop it. */
const MAKE_WAY_MS = 1_000;
/** Whoever sent it has the focus on its button, where clicking gives one. Then the answer may be slow: until the document is so old. */
const MAKE_WAY_UNTIL_MS = 10_000;

/** The forms that end the very session they are sent with. */
const ENDS_SESSION = "form[data-ends-session]";

/** The session that this document has shown pages of. Never another one: what it has in memory is that person's. */
let shownSession: string | undefined;

/** Whether this document has shown a signed-in page since it was loaded. */
export function hasShownSession(): boolean {
	return shownSession !== undefined;
}

/** `shown` is whom the page was made for. */
export function SessionWatch({ shown }: { shown: Identity }) {
	const sessionId = shown.session.id;
	const router = useRouter();
	const pathname = usePathname();
	const [over, setOver] = useState(false);
	const stream = useRef<SessionStream>(undefined);
	const catchingUp = useRef<ReturnType<typeof setTimeout>>(undefined);
	const attempted = useRef(0);
	const going = useRef<ReturnType<typeof setTimeout>>(undefined);

	/** Compares whom the page shows with who is there: the one place that decides whether the page is out of date. */
	function compare(now: Identity) {
		if (now.session.id !== sessionId) {
			// Signed in anew in another tab; or as somebody else, or an impersonation began: this page may not be theirs.
			const isSamePerson = now.user.id === shown.user.id;
			const wasSent = document.activeElement?.closest(ENDS_SESSION);
			const waitMs = wasSent ? Math.max(MAKE_WAY_UNTIL_MS - performance.now(), MAKE_WAY_MS) : MAKE_WAY_MS;
			going.current ??= setTimeout(isSamePerson ? reload : goHome, waitMs);
			return;
		}
		setOver(false);
		if (isSameIdentity(now, shown)) attempted.current = 0;
		else catchUp(now.user.role === shown.user.role ? PATIENCE : PATIENCE_WITH_ROLE);
	}
	const onIdentity = useEffectEvent(compare);

	function catchUp({ attempts, waitMs }: Patience) {
		if (catchingUp.current) return;
		if (attempted.current++ >= attempts) {
			// To ask on would be to load a slow document anew before it has come.
			stream.current?.standBack();
			return reload();
		}
		router.refresh();
		// A navigation that begins meanwhile lets a refresh be forgotten, so we look again afterwards.
		catchingUp.current = setTimeout(() => {
			catchingUp.current = undefined;
			stream.current?.ask();
		}, waitMs);
	}

	// Once it is over, only the cover asks: an answer to an older question must not take it away.
	useEffect(() => {
		if (over) return;
		const heard = listenToSession(sessionId, {
			onIdentity,
			onEnd: () => setOver(true),
			onConsole: () => window.dispatchEvent(new Event("console-changed")),
		});
		stream.current = heard;
		// Later pages of a document may have come from its memory: Back asks nobody.
		if (shownSession) heard.ask();

		/** A form that ends this very session leaves by itself; going first would cut its answer off. */
		function standBack(event: SubmitEvent) {
			if ((event.target as HTMLElement).matches(ENDS_SESSION)) heard.standBack();
		}
		document.addEventListener("submit", standBack);
		return () => {
			heard.stop();
			clearTimeout(catchingUp.current);
			catchingUp.current = undefined;
			document.removeEventListener("submit", standBack);
		};
	}, [sessionId, over]);

	useEffect(() => {
		if (shownSession && shownSession !== sessionId) location.reload();
		shownSession = sessionId;
	}, [sessionId]);

	// Back, forward and soft navigation may show a page from memory, without any request.
	const asked = useRef(pathname);
	useEffect(() => {
		if (asked.current !== pathname) stream.current?.ask();
		asked.current = pathname;
	}, [pathname]);

	return over && <SessionOver onIdentity={compare} />;
}

function goHome(): void {
	location.assign("/dashboard");
}

function reload(): void {
	keepForms();
	location.reload();
}
