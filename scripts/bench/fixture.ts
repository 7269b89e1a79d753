/** The small app beside the benchmarks, in variants: each a production build, and a server process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Launch } from "../launch";
import { endGroup } from "../program";
import type { MemoryUse, Question } from "./probe";

const START_TIMEOUT_SECONDS = 60;
const STOP_TIMEOUT_SECONDS = 5;
const CHECKOUT = join(import.meta.dirname, "..", "..");
/** As deep in the checkout as scripts/bench/app, so that the relative paths in its files hold here too. */
const folderOf = (variant: string) => join(CHECKOUT, ".data", "bench", variant);

/**
 * Puts a variant together and builds it. The build is removed at the end.
 *
 * @param layers files and folders of the checkout that are laid over scripts/bench/app
 */
export async function build(variant: string, layers: readonly string[], { signal, onExit }: Launch): Promise<void> {
	const folder = folderOf(variant);
	const remove = () => rmSync(folder, { recursive: true, force: true });
	onExit(remove);
	remove();
	cpSync(join(CHECKOUT, "scripts", "bench", "app"), folder, { recursive: true });
	// All have the product's configuration: they differ in how they learn who asks, not in the headers of their answers.
	for (const layer of ["next.config.ts", ...layers]) {
		cpSync(join(CHECKOUT, layer), layer.endsWith(".ts") ? join(folder, layer) : folder, { recursive: true });
	}
	const child = runNext(variant, [NEXT, "build"], {}, onExit);
	let output = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on("data", (chunk) => {
			output += chunk;
		});
	}
	const [code] = await once(child, "exit", { signal });
	if (code !== 0) throw new Error(`Building the variant ${variant} failed:\n${output}`);
}

export interface Server {
	/** Time on the processor so far. */
	cpuMs(): Promise<number>;
	/** What it holds in memory after a garbage collection. */
	memory(): Promise<MemoryUse>;
	/** How many statements it has sent to the database so far. */
	statements(): Promise<number>;
}

/** Starts a built variant at an address of loopback. It is stopped at the end. */
export async function start(
	variant: string,
	url: string,
	environment: Record<string, string>,
	{ signal, onExit }: Launch,
): Promise<Server> {
	const { hostname, port } = new URL(url);
	const child = runNext(variant, [...PROBE, NEXT, "start", "-H", hostname, "-p", port], environment, onExit);
	let complaint = "";
	child.stderr?.on("data", (chunk) => {
		complaint += chunk;
	});
	child.stdout?.resume();
	const deadline = Date.now() + START_TIMEOUT_SECONDS * 1000;
	while (!(await fetch(url, { redirect: "manual" }).catch(() => null))) {
		if (child.exitCode !== null || Date.now() > deadline) {
			throw new Error(`The variant ${variant} does not start:\n${complaint}`);
		}
		await wait(50, undefined, { signal });
	}
	const ask = async (question: Question) => {
		child.send(question);
		const [answer] = await once(child, "message", { signal });
		return answer;
	};
	return { cpuMs: () => ask("cpuMs"), memory: () => ask("memory"), statements: () => ask("statements") };
}

const NEXT = createRequire(import.meta.url).resolve("next/dist/bin/next");
const PROBE = ["--expose-gc", "--import", join(import.meta.dirname, "probe.ts")];

/** In a process group of its own: whatever it starts is stopped with it. */
function runNext(
	variant: string,
	flags: string[],
	environment: Record<string, string>,
	onExit: Launch["onExit"],
): ChildProcess {
	const child = spawn(process.execPath, flags, {
		cwd: folderOf(variant),
		env: { ...process.env, ...environment, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
		stdio: ["ignore", "pipe", "pipe", "ipc"],
		detached: true,
	});
	onExit(() => stop(child));
	return child;
}

async function stop(child: ChildProcess): Promise<void> {
	if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, "exit");
	endGroup(child, "SIGTERM");
	const impatience = setTimeout(endGroup, STOP_TIMEOUT_SECONDS * 1000, child, "SIGKILL");
	await gone;
	clearTimeout(impatience);
}
