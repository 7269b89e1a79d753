/** One run: starts the instances, lets clients, staff and nemesis loose on them, and judges what happened. */
import type { Launch } from "../launch";
import { actionsOf } from "./actions";
import { type Database, noteCommits } from "./database";
import { type History, now, STALLED } from "./history";
import { startInstances } from "./instances";
import { liveUntil, type Schedule } from "./lives";
import { torment } from "./nemesis";
import { duel } from "./owners";
import { type Client, signIn } from "./people";
import { findViolations, type Violation } from "./violations";

export interface Options {
	/** The folder that holds `.next`. */
	folder: string;
	environment: Record<string, string>;
	seed: number;
	clients: number;
	schedule: Schedule;
	operations: number;
	/** All of them, none, or those with these names. */
	faults: boolean | string[];
	/** How many pairs of owners demote each other first. */
	duels: number;
	/** Judges after every so many operations, and stops at the first violation. */
	judgeEvery?: number;
}

export interface Result {
	history: History;
	violations: Violation[];
	seconds: number;
}

const ADMINS = 6;

export async function check(
	database: Database,
	{ folder, environment, seed, clients, schedule, operations, faults, duels, judgeEvery = operations }: Options,
	{ signal, onExit }: Pick<Launch, "signal" | "onExit">,
): Promise<Result> {
	const start = Date.now();
	const instances = await startInstances({ folder, environment }, { onExit });
	const broken = new AbortController();
	const over = AbortSignal.any([signal, broken.signal]);
	const history: History = { operations: [], faults: [], duels: [] };
	const base = { database, instances, action: actionsOf(folder), history, seed, lives: 0, signal: over };
	const stopNoticing = noticeStalls(history);
	await duel(base, duels);
	const admins = Array.from({ length: ADMINS }, async () => (await signIn(database, "admin"))[0] as Client);
	const [owner] = (await signIn(database, "owner")) as [Client];
	const world = { ...base, staff: { admins: await Promise.all(admins), owner } };

	const enough = new AbortController();
	const only = faults === true ? undefined : faults;
	// Nobody waits for it before the end; without it the run would say more than it has seen.
	const tormenting = only !== false && torment(world, enough.signal, only).catch((error) => broken.abort(error));
	let violations: Violation[] = findViolations(history);
	try {
		for (let until = judgeEvery; violations.length === 0 && until <= operations; until += judgeEvery) {
			await liveUntil(world, schedule, clients, until);
			await noteCommits(database, history.operations);
			violations = findViolations(history);
		}
	} finally {
		enough.abort();
		await tormenting;
		stopNoticing();
		await instances.stop();
	}
	over.throwIfAborted();
	return { history, violations, seconds: (Date.now() - start) / 1000 };
}

const STALL = { name: STALLED, excusesStreams: true };
const TICK_MS = 20;
const STALL_MS = 100;

/** While the checker itself does not run, nothing reaches it: that is nobody's violation. */
function noticeStalls(history: History): () => void {
	let last = now();
	const timer = setInterval(() => {
		const time = now();
		if (time - last > STALL_MS) history.faults.push({ ...STALL, startMs: last, endMs: time });
		last = time;
	}, TICK_MS);
	return () => clearInterval(timer);
}
