/**
 * What happened: every operation with its invocation and its completion on one clock, and the faults that were injected.
 * All that is said about the promise afterwards is said about this.
 */

/** What became of a request, as whoever sent it sees it. */
export type Outcome =
	/** Done, as that session. */
	| "served"
	/** The session is over: 401, sent to the sign-in page, or an action that says so. */
	| "refused"
	/** The session lives, but its role does not suffice. */
	| "forbidden"
	/** No answer, 503, or a mishap: says nothing about the session. */
	| "failed";

export interface Operation {
	id: number;
	/** What was done, as the tables of operations and revocations call it. */
	name: string;
	/** Id of the session that asked. */
	session: string;
	/** Which instance was asked, from 0. */
	instance: number;
	startMs: number;
	/** Infinity while there is no answer. */
	endMs: number;
	outcome: Outcome;
	/** What came back, for people. */
	answer?: string;
	/** Set for a failure that no answer 503 explains: the request was not understood, or was answered with something else. */
	odd?: "not understood" | "without proof";
	/** It takes a role that a demotion takes away. */
	privileged?: boolean;
	/** Everyone is answered alike, so that a success says nothing about the session that asked. */
	public?: boolean;
	/** What it was made to wait for: a write that was under way, or a lock of the checker's own. */
	waitsFor?: "a write" | "the checker";
	/** What it promises once it has been served. */
	revokes?: Revokes;
	/** For a response that stays open. */
	stream?: Stream;
	/** When its transaction committed, in microseconds of the database's clock; undefined if it wrote nothing. */
	committedUs?: number;
}

export interface Revokes {
	/** Ids of sessions that are over. */
	sessions: string[];
	/** Ids of sessions that live on with a lower role. */
	demoted: string[];
	/** Ids of sessions that live on under a new cookie, so that all who go on with the old one must be refused. */
	rotated?: string[];
}

/** Whether it takes anything from the session. */
export const takesFrom = (session: string, revokes: Revokes | undefined): boolean =>
	[revokes?.sessions, revokes?.demoted, revokes?.rotated].some((sessions) => sessions?.includes(session));

export interface Stream {
	/** The last thing that arrived that was not the news of the end; -Infinity for nothing. */
	lastEventMs: number;
	/** The last thing that only the higher role may hear; -Infinity for nothing. */
	lastPrivilegedMs: number;
	/** Whether it said that the session has ended. */
	saidEnded: boolean;
	/** When it closed, or when we stopped looking. */
	untilMs: number;
	/** Whether it was still open then. */
	open: boolean;
}

/** A span in which something was broken, in one instance or (without one) in all of them. */
export interface Fault {
	name: string;
	instance?: number;
	/** Nothing runs that could close a stream in time. */
	excusesStreams?: boolean;
	startMs: number;
	endMs: number;
}

/** What the checker's own pauses are called: while it does not run, nothing reaches it. */
export const STALLED = "the checker itself stalled";

/** Owners who demoted each other at the same time, and how many owners were left. */
export interface Duel {
	operations: Operation[];
	ownersLeft: number;
}

export interface History {
	operations: Operation[];
	faults: Fault[];
	duels: Duel[];
}

/** The one clock, in milliseconds. */
export const now = () => performance.now();
