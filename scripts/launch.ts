/** What every script here does alike: stop when asked, undo what it started, and say what is wrong in one sentence. */
import { CannotStart } from "@/db/cannot-start";

export interface Launch {
	/** Aborts at the first Ctrl-C, SIGTERM or SIGHUP. */
	signal: AbortSignal;
	/** Aborts at the second: whoever still waits should stop waiting. */
	impatience: AbortSignal;
	/** Registers what to undo at the end, however it comes. The last registered is undone first. */
	onExit(undo: () => Promise<void> | void): void;
}

/** What a shell says of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** Runs `work`, undoes what it registered, and exits with the code that it gives: 0 when it gives none. */
export async function launch(work: (launch: Launch) => Promise<number | undefined>): Promise<never> {
	const { signal, impatience } = stopSignals();
	const undos: (() => Promise<void> | void)[] = [];
	let exitCode = 0;
	try {
		exitCode = (await work({ signal, impatience, onExit: (undo) => undos.unshift(undo) })) ?? 0;
	} catch (error) {
		exitCode = signal.aborted ? INTERRUPTED : 1;
		// What breaks while everything is being stopped is no news.
		if (!signal.aborted) console.error(error instanceof CannotStart ? error.message : error);
	}
	for (const undo of undos) {
		try {
			await undo();
		} catch (error) {
			// The others have something to undo too. What this one may have left behind is news at any time.
			console.error(error);
			exitCode ||= 1;
		}
	}
	process.exit(exitCode);
}

function stopSignals(): { signal: AbortSignal; impatience: AbortSignal } {
	const stop = new AbortController();
	const hurry = new AbortController();
	for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		process.on(name, () => (stop.signal.aborted ? hurry : stop).abort(name));
	}
	// After SIGHUP the terminal is gone: writing to it must not stop the tidying up.
	for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
	return { signal: stop.signal, impatience: hurry.signal };
}
