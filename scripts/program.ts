/** Runs another Node program until it ends or we are asked to stop, and leaves none of its processes behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Launch } from "./launch";

const STOP_TIMEOUT_SECONDS = 5;
const HAS_PROCESS_GROUPS = process.platform !== "win32";

export interface ProgramOptions {
	environment: NodeJS.ProcessEnv;
	/** Its working folder, if not ours. */
	folder?: string;
	/** An open file for what it prints, if not our own output. */
	output?: number | "inherit";
	/** Told the id of its process, which is that of its process group too. */
	onStart?(pid: number): void;
}

/**
 * Gives its exit code, or 0 when it ended because we were asked to stop. It gets a process group of its own, so that
 * Ctrl-C reaches it once, from us, and so that none of its workers stays behind, not even when it crashes or when we are
 * killed.
 */
export function runProgram(
	script: string,
	flags: string[],
	{ environment, folder, output = "inherit", onStart }: ProgramOptions,
	{ signal, impatience }: Pick<Launch, "signal" | "impatience">,
): Promise<number> {
	const child = spawn(process.execPath, [script, ...flags], {
		cwd: folder,
		env: environment,
		stdio: ["ignore", output, output],
		detached: HAS_PROCESS_GROUPS,
	});
	if (child.pid) onStart?.(child.pid);
	const releaseGuard = HAS_PROCESS_GROUPS ? guard(child) : () => {};
	const stop = () => {
		endGroup(child, "SIGTERM");
		setTimeout(endGroup, STOP_TIMEOUT_SECONDS * 1000, child, "SIGKILL").unref();
	};
	signal.addEventListener("abort", stop);
	impatience.addEventListener("abort", () => endGroup(child, "SIGKILL"));
	if (signal.aborted) stop();
	return new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on("exit", (code, killedBy) => {
			endGroup(child, "SIGKILL");
			releaseGuard();
			resolve(signal.aborted ? 0 : (code ?? 128 + (killedBy ? constants.signals[killedBy] : 0)));
		});
	});
}

/** Sends the signal to a child that leads a process group, and to all that it started. */
export function endGroup(child: ChildProcess, how: NodeJS.Signals): void {
	try {
		if (HAS_PROCESS_GROUPS && child.pid) process.kill(-child.pid, how);
		else child.kill(how);
	} catch {
		// All of them are gone already.
	}
}

/** Waits for the end of a pipe that only we hold. Should we be killed, it ends the group in our place. */
function guard(child: ChildProcess): () => void {
	const commands = 'read -r _; kill -TERM "-$0" && sleep 2 && kill -KILL "-$0"';
	const sh = spawn("/bin/sh", ["-c", commands, String(child.pid)], {
		stdio: ["pipe", "ignore", "ignore"],
		detached: true,
	});
	sh.on("error", () => {}).unref();
	return () => sh.kill("SIGKILL");
}
