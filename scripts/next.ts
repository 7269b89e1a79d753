/** Runs `next dev` or `next start` until it ends or we are asked to stop. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import type { Launch } from "./launch";

const STOP_TIMEOUT_SECONDS = 5;
const HAS_PROCESS_GROUPS = process.platform !== "win32";

/**
 * Gives Next's exit code. Next gets a process group of its own, so that Ctrl-C reaches it once, from us, and so that
 * none of its workers stays behind, not even when it crashes.
 */
export function runNext(
	flags: string[],
	environment: NodeJS.ProcessEnv,
	{ signal, impatience }: Pick<Launch, "signal" | "impatience">,
): Promise<number> {
	const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
	const child = spawn(process.execPath, [next, ...flags], {
		env: environment,
		stdio: ["ignore", "inherit", "inherit"],
		detached: HAS_PROCESS_GROUPS,
	});
	const kill = (name: NodeJS.Signals) => {
		try {
			if (HAS_PROCESS_GROUPS && child.pid) process.kill(-child.pid, name);
			else child.kill(name);
		} catch {
			// All of them are gone already.
		}
	};
	const stop = () => {
		kill("SIGTERM");
		setTimeout(() => kill("SIGKILL"), STOP_TIMEOUT_SECONDS * 1000).unref();
	};
	if (signal.aborted) stop();
	signal.addEventListener("abort", stop);
	impatience.addEventListener("abort", () => kill("SIGKILL"));
	return new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on("exit", (code, killedBy) => {
			kill("SIGKILL");
			resolve(code ?? 128 + (killedBy ? constants.signals[killedBy] : 0));
		});
	});
}
