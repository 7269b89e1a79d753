/**
 * The one connection of this process that hears what PostgreSQL announces. It is made again whenever it is lost, and says
 * so: what is announced meanwhile reaches nobody. A connection may be cut without a word, so it is tried all the time.
 */
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { inTime } from "@/db/in-time";
import { processWide } from "@/db/process-wide";

const CONNECT_TIMEOUT_MS = 2_000;
const RETRY_MS = 250;
/** How often the connection is tried, and how long it may take to answer. Together, so long a cut goes unnoticed. */
const TRY_MS = 250;
const TRY_TIMEOUT_MS = 250;

/** Whoever listens. */
export interface Ear {
	hear(payload: string): void;
	/** It is heard from now on. What was announced before is lost. */
	onHearing(): void;
	/** Nothing is heard: at the very beginning, and with the error whenever listening failed or broke off. */
	onDeaf(error?: unknown): void;
	/** Whether it matters; while it does not, the connection is not tried. */
	isNeeded(): boolean;
}

export const listener = processWide("listener", () => {
	const over = new AbortController();
	let listening: Promise<void> | undefined;
	return {
		/** Begins to listen. Only the first call counts. */
		start(channel: string, ear: Ear): void {
			listening ??= keepListening(channel, ear, over.signal);
		},
		async end(): Promise<void> {
			over.abort(new Error("nobody listens any more"));
			await listening;
		},
	};
});

async function keepListening(channel: string, ear: Ear, over: AbortSignal): Promise<void> {
	ear.onDeaf();
	while (!over.aborted) {
		try {
			await listenOnce(channel, ear, over);
		} catch (error) {
			ear.onDeaf(error);
		}
		await wait(RETRY_MS, undefined, { signal: over }).catch(() => {});
	}
}

/** Listens for as long as the connection holds. Throws what ended it. */
async function listenOnce(channel: string, ear: Ear, over: AbortSignal): Promise<never> {
	const client = new Client({
		connectionString: process.env.DATABASE_URL,
		connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
		application_name: "kickoff feed",
	});
	const lost = new AbortController();
	const signal = AbortSignal.any([over, lost.signal]);
	const broken = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
	client.on("error", (error) => lost.abort(error));
	client.on("end", () => lost.abort(new Error("the connection was closed")));
	client.on("notification", ({ payload = "" }) => signal.aborted || ear.hear(payload));
	try {
		await Promise.race([begin(client, channel), broken]);
		ear.onHearing();
		return await Promise.race([tryAgainAndAgain(client, ear, signal), broken]);
	} finally {
		lost.abort(new Error("given up"));
		// Nobody waits for it: the other side may never answer.
		client.end().catch(() => {});
	}
}

async function begin(client: Client, channel: string): Promise<void> {
	await client.connect();
	await inTime(client.query(`listen ${client.escapeIdentifier(channel)}`), CONNECT_TIMEOUT_MS);
}

async function tryAgainAndAgain(client: Client, ear: Ear, signal: AbortSignal): Promise<never> {
	for (;;) {
		await wait(TRY_MS, undefined, { signal });
		if (ear.isNeeded()) await inTime(client.query("select 1"), TRY_TIMEOUT_MS);
	}
}
