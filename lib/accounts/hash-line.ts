/**
 * The waiting line for password hashing. One hash takes a core for a few hundredths of a second and 19 MiB of memory, so
 * whoever can ask for many at once could stop everything else. Here a few are worked on, the others wait in order, nobody
 * waits for long, and those whose client hung up leave the line. (OWASP ASVS 5.0, V2.4.1 and V15.2.2.)
 */
import { availableParallelism } from "node:os";
import { processWide } from "@/db/process-wide";
import { Refusal } from "@/lib/errors";
import { clientGone } from "@/lib/request/gone";

/** Node's threads, on which hashing runs, and opening cookies and reading files too (libuv, thread pool). */
const THREADS = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
/** Half the cores, and half the threads: the rest is for everybody else. */
export const AT_ONCE = Math.max(1, Math.floor(Math.min(availableParallelism(), THREADS) / 2));
/** A wait of about ten seconds. Whoever comes when so many wait already is told to come back. */
export const LINE_LIMIT = 250 * AT_ONCE;
const RETRY_SECONDS = 10;

const line = processWide("hash-line", () => ({ free: AT_ONCE, waiting: new Set<() => void>() }));

/** Does the work when its turn comes. Throws a Refusal "unavailable" when the line is too long, or the client gone. */
export async function hashInTurn<T>(work: () => Promise<T>): Promise<T> {
	if (line.free > 0) line.free--;
	else await turn();
	try {
		return await work();
	} finally {
		const [next] = line.waiting;
		if (next) next();
		else line.free++;
	}
}

function turn(): Promise<void> {
	const gone = clientGone();
	if (line.waiting.size >= LINE_LIMIT || gone?.aborted) throw refusal();
	return new Promise((resolve, reject) => {
		const begin = () => {
			leave();
			resolve();
		};
		const giveUp = () => {
			leave();
			reject(refusal());
		};
		const leave = () => {
			line.waiting.delete(begin);
			gone?.removeEventListener("abort", giveUp);
		};
		line.waiting.add(begin);
		gone?.addEventListener("abort", giveUp);
	});
}

const refusal = () =>
	new Refusal("unavailable", "Too many people are signing in right now. Try again in a moment.", {}, RETRY_SECONDS);
