/** Runs `next dev` or `next start` until it ends or we are asked to stop. */
import { createRequire } from "node:module";
import type { Launch } from "./launch";
import { type ProgramOptions, runProgram } from "./program";

/** Gives Next's exit code, or 0 when it ended because we were asked to stop. */
export function runNext(
	flags: string[],
	options: ProgramOptions,
	run: Pick<Launch, "signal" | "impatience">,
): Promise<number> {
	return runProgram(createRequire(import.meta.url).resolve("next/dist/bin/next"), flags, options, run);
}
