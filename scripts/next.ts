/** Runs `next dev` or `next start` until it ends or we are asked to stop. */
import { createRequire } from "node:module";
import type { Launch } from "./launch";
import { type ProgramOptions, runProgram } from "./program";

/**
 * For `next start`: idle connections are closed later than clients and proxies give them up, which is a minute at the most
 * common ones. Otherwise a request may come in on a connection that is being closed, and its sender hears of no answer.
 */
export const KEEP_ALIVE = ["--keepAliveTimeout", "65000"];

/** Gives Next's exit code, or 0 when it ended because we were asked to stop. */
export function runNext(
	flags: string[],
	options: ProgramOptions,
	run: Pick<Launch, "signal" | "impatience">,
): Promise<number> {
	return runProgram(createRequire(import.meta.url).resolve("next/dist/bin/next"), flags, options, run);
}
