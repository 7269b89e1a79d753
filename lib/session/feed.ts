/**
 * The session feed: tells whatever is open for a session (a tab's event stream, an export) that the session ended or its
 * person changed. PostgreSQL announces it (triggers, see the migration `session_feed`); one connection per instance
 * listens; and what is open costs the database nothing.
 */
import { listener } from "@/db/client";
import { processWide } from "@/db/process-wide";
import { log } from "@/lib/log";
import { type Identity, isSameIdentity } from "./identity";
import { findIdentities, type Session } from "./lookup";

/**
 * "session": who it is now; it comes first, and whenever that changes. "ended": it is over. "console": something moved that
 * admins watch.
 */
export type FeedEvent = { kind: "session"; identity: Identity } | { kind: "ended" } | { kind: "console" };

interface Watcher {
	sessionId: string;
	personIds: string[];
	hear: (event: FeedEvent) => void;
	/** Who the session was when we last said so. */
	told?: Identity;
}

const watchers = processWide("session-watchers", () => new Set<Watcher>());

/**
 * Hears of everything that concerns the session, until the returned function is called. "ended" comes at most once, and
 * also when the session was over before the watch began.
 */
export async function watchSession(session: Session, hear: (event: FeedEvent) => void): Promise<() => void> {
	const personIds = session.impersonator ? [session.user.id, session.impersonator.id] : [session.user.id];
	const watcher: Watcher = { sessionId: session.id, personIds, hear };
	watchers.add(watcher);
	const expiry = setTimeout(() => end(watcher), Math.min(session.expiresAt.getTime() - Date.now(), MAX_TIMER_MS));
	try {
		await listening();
		// Only now: what happened between the look-up and the moment we began to listen was announced to nobody.
		await recheck([watcher]);
	} catch (error) {
		watchers.delete(watcher);
		clearTimeout(expiry);
		throw error;
	}
	return () => {
		watchers.delete(watcher);
		clearTimeout(expiry);
	};
}

/**
 * An AbortSignal that aborts when the session ends or no longer may, for long answers such as exports. Call `release` at
 * their end.
 *
 * @param check throws when the session may not go on; asked whenever its person changed
 */
export async function endOfSession(session: Session, check: () => Promise<void>) {
	const controller = new AbortController();
	const abort = (reason: unknown) => controller.abort(reason);
	const release = await watchSession(session, (event) => {
		if (event.kind === "ended") abort(new Error("the session has ended"));
		else if (event.kind === "session") check().catch(abort);
	});
	return { signal: controller.signal, abort, release };
}

const MAX_TIMER_MS = 2_147_483_647;

function end(watcher: Watcher): void {
	if (watchers.delete(watcher)) watcher.hear({ kind: "ended" });
}

/** Asks the database who the watched sessions are now, all in one statement; tells what changed, and ends what is over. */
async function recheck(some: Iterable<Watcher>): Promise<void> {
	const asked = [...some];
	if (asked.length === 0) return;
	const identities = await findIdentities([...new Set(asked.map((watcher) => watcher.sessionId))]);
	for (const watcher of asked) {
		const identity = identities.get(watcher.sessionId);
		if (identity) tell(watcher, identity);
		else end(watcher);
	}
}

function tell(watcher: Watcher, identity: Identity): void {
	if (!watchers.has(watcher) || (watcher.told && isSameIdentity(watcher.told, identity))) return;
	watcher.told = identity;
	watcher.hear({ kind: "session", identity });
}

function announced(payload: string): void {
	const [kind, id = ""] = payload.split(":");
	for (const watcher of watchers) {
		if (kind === "ended" && watcher.sessionId === id) end(watcher);
		else watcher.hear({ kind: "console" });
	}
	if (kind === "person") recheckSome([...watchers].filter((watcher) => watcher.personIds.includes(id)));
	if (kind === "recheck") recheckAll();
}

const feed = processWide("session-feed", () => ({ ready: undefined as Promise<void> | undefined }));

/** Resolves when this instance listens. Tried anew at the next call when it failed. */
function listening(): Promise<void> {
	feed.ready ??= listen().catch((error) => {
		feed.ready = undefined;
		throw error;
	});
	return feed.ready;
}

/**
 * A lost connection is made again by itself. Then everything that is open is asked for again, because what was announced
 * in between is lost.
 */
async function listen(): Promise<void> {
	await listener.listen("session_feed", announced, recheckAll);
}

function recheckAll(): void {
	recheckSome(watchers);
}

function recheckSome(some: Iterable<Watcher>): void {
	recheck(some).catch((error) => log.error({ error }, "open streams were not rechecked"));
}
