/**
 * The session feed: tells whatever is open for a session (a tab's event stream, an export) that the session ended or its
 * person changed. PostgreSQL announces it (triggers, see db/migrations); one connection per instance listens, and what is
 * open costs the database nothing. While that connection is lost, the database is asked instead; and when that gives no
 * answer either, everything open is given up, because nobody can say any more whether it may be. See docs/decisions/0017.
 */
import { setImmediate as afterInput } from "node:timers/promises";
import { inTime } from "@/db/in-time";
import { listener } from "@/db/listener";
import { processWide } from "@/db/process-wide";
import { Refusal } from "@/lib/errors";
import { log } from "@/lib/log";
import { type Identity, isSameIdentity } from "./identity";
import { findLiveSessions, type LiveSession, type Session } from "./lookup";

export type FeedEvent =
	/** Who the session is now. It comes first, and again whenever that changes. */
	| { kind: "session"; identity: Identity }
	/** The session is over. */
	| { kind: "ended" }
	/** Nobody can say whether it is over. */
	| { kind: "lost" }
	/** Something moved that admins watch. */
	| { kind: "console" };

interface Watcher {
	sessionId: string;
	personIds: string[];
	hear: (event: FeedEvent) => void;
	/** Who the session was when we last said so. */
	told?: Identity;
	expiry?: NodeJS.Timeout;
}

/**
 * While nothing is heard, the database is asked so often; and it is given so long to answer about what is open. Together
 * with the time in which the listener notices a cut (see db/listener.ts), that is the second of the promise.
 */
const ASK_WHILE_DEAF_MS = 250;
const ANSWER_OF_OPEN_MS = 500;
/** What has not begun yet has time. */
const ANSWER_MS = 3_000;

/** Questions about what is open do not wait for the answers about what only opens, which may take longer. */
interface Lane {
	answerMs: number;
	/** About whom the database is to be asked next. */
	due: Set<Watcher>;
	asking: boolean;
}

const laneOfAnswersIn = (answerMs: number): Lane => ({ answerMs, due: new Set(), asking: false });

const feed = processWide("session-feed", () => ({
	watchers: new Set<Watcher>(),
	opening: laneOfAnswersIn(ANSWER_MS),
	open: laneOfAnswersIn(ANSWER_OF_OPEN_MS),
	/** Runs while nothing is heard. */
	deaf: undefined as NodeJS.Timeout | undefined,
	complained: false,
}));

/**
 * Hears of everything that concerns the session, until the returned function is called. After "ended" or "lost" nothing
 * more comes. One of them comes first also when the session was over before the watch began.
 */
export function watchSession(session: Session, hear: (event: FeedEvent) => void): () => void {
	const personIds = session.impersonator ? [session.user.id, session.impersonator.id] : [session.user.id];
	const watcher: Watcher = { sessionId: session.id, personIds, hear };
	feed.watchers.add(watcher);
	listener.start("session_feed", ear);
	// Only now: what happened since the look-up was announced to nobody.
	ask([watcher]);
	return () => release(watcher);
}

/** What to tell who asked, when something cannot go on, or not begin, because of this. */
export function refusalFor(end: "ended" | "lost"): Refusal {
	return end === "ended"
		? new Refusal("session-ended", "Your session has ended. Sign in again.")
		: new Refusal("unavailable", "The database cannot be reached.");
}

/** How long answers, such as exports, learn that they must end. */
export interface EndOfSession {
	signal: AbortSignal;
	abort: (reason: unknown) => void;
	/** To be called when the answer is over. */
	release: () => void;
}

/**
 * An AbortSignal that aborts when the session ends or no longer may. While nobody can say whether it lives, it waits a
 * little for the database: nobody likes to begin a download anew.
 *
 * @param check throws when the session may not go on; asked whenever its person changed
 */
export function endOfSession(session: Session, check: () => Promise<void>): Promise<EndOfSession> {
	const controller = new AbortController();
	const abort = (reason: unknown) => controller.abort(reason);
	let stop = () => {};
	const end = { signal: controller.signal, abort, release: () => stop() };
	return new Promise((resolve) => {
		let patient = true;
		function watch() {
			stop = watchSession(session, ({ kind }) => {
				if (kind === "lost" && patient) {
					patient = false;
					return watch();
				}
				patient = true;
				if (kind === "lost" || kind === "ended") abort(refusalFor(kind));
				if (kind === "session") check().catch(abort);
				resolve(end);
			});
		}
		watch();
	});
}

/** Gives false when it was not watched any more. */
function release(watcher: Watcher): boolean {
	clearTimeout(watcher.expiry);
	return feed.watchers.delete(watcher);
}

function part(watcher: Watcher, kind: "ended" | "lost"): void {
	if (release(watcher)) watcher.hear({ kind });
}

/** What the database announces: a kind and an id, see the triggers. */
const ear = {
	hear(payload: string) {
		const [kind, id = ""] = payload.split(":");
		if (kind === "ended") for (const watcher of feed.watchers) if (watcher.sessionId === id) part(watcher, "ended");
		tellConsole();
		if (kind === "person") ask([...feed.watchers].filter((watcher) => watcher.personIds.includes(id)));
		if (kind === "recheck") ask(feed.watchers);
	},
	onHearing() {
		clearInterval(feed.deaf);
		feed.deaf = undefined;
		feed.complained = false;
		ask(feed.watchers);
		// What moved meanwhile was announced to nobody.
		tellConsole();
	},
	onDeaf(error: unknown) {
		if (error && !feed.complained) log.warn({ error }, "the session feed hears nothing; the database is asked instead");
		feed.complained ||= error !== undefined;
		if (feed.deaf) return;
		ask(feed.watchers);
		feed.deaf = setInterval(() => ask(feed.watchers), ASK_WHILE_DEAF_MS).unref();
	},
	isNeeded: () => feed.watchers.size > 0,
};

function tellConsole(): void {
	for (const watcher of feed.watchers) if (watcher.told) watcher.hear({ kind: "console" });
}

/**
 * Asks the database who these sessions are now; tells what changed, and parts with what is over. In each lane one statement
 * at a time, for all that became due meanwhile: hundreds of tabs that open at once need only a few, and the answers about
 * each come in order.
 */
function ask(some: Iterable<Watcher>): void {
	for (const watcher of some) laneOf(watcher).due.add(watcher);
	for (const lane of [feed.opening, feed.open]) if (lane.due.size > 0 && !lane.asking) void askForAll(lane);
}

const laneOf = (watcher: Watcher) => (watcher.told ? feed.open : feed.opening);

async function askForAll(lane: Lane): Promise<void> {
	lane.asking = true;
	try {
		await afterInput();
		while (lane.due.size > 0) {
			const due = [...lane.due].filter((watcher) => feed.watchers.has(watcher));
			lane.due.clear();
			// Who has opened meanwhile has changed lanes.
			ask(due.filter((watcher) => laneOf(watcher) !== lane));
			await askFor(
				due.filter((watcher) => laneOf(watcher) === lane),
				lane.answerMs,
			);
		}
	} finally {
		lane.asking = false;
	}
}

async function askFor(asked: Watcher[], answerMs: number): Promise<void> {
	if (asked.length === 0) return;
	try {
		const live = await inTime(findLiveSessions([...new Set(asked.map((watcher) => watcher.sessionId))]), answerMs);
		for (const watcher of asked) settle(watcher, live.get(watcher.sessionId));
	} catch (error) {
		log.warn(
			{ error, streams: asked.length },
			"the database cannot say whether sessions live; their streams are closed",
		);
		for (const watcher of asked) part(watcher, "lost");
	}
}

const LONGEST_TIMER_MS = 2_147_483_647;
/** Our clock may be ahead of the database's, which decides. */
const ASK_AGAIN_MS = 1_000;

function settle(watcher: Watcher, live: LiveSession | undefined): void {
	if (!feed.watchers.has(watcher)) return;
	if (!live) return part(watcher, "ended");
	clearTimeout(watcher.expiry);
	const remaining = Math.max(live.endsAt.getTime() - Date.now(), ASK_AGAIN_MS);
	watcher.expiry = setTimeout(() => ask([watcher]), Math.min(remaining, LONGEST_TIMER_MS)).unref();
	if (watcher.told && isSameIdentity(watcher.told, live.identity)) return;
	watcher.told = live.identity;
	watcher.hear({ kind: "session", identity: live.identity });
}
