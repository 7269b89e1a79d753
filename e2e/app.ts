/** One instance of the production build. */
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { KEEP_ALIVE, runNext } from "@/scripts/next";
import { ROOT } from "./build";

export interface App {
	/** Settles when the instance answers. */
	ready: Promise<void>;
	stop(): Promise<void>;
	/** Ends it at once, as a crash does. */
	kill(): Promise<void>;
	/** Lets it stand still until it is thawed. */
	freeze(): void;
	thaw(): void;
}

interface Options {
	/** What it logs is in `.data/e2e/NAME.log`. */
	name: string;
	/** The folder that holds `.next`. */
	folder: string;
	port: number;
	/** Wins over what the `.env` files of the checkout say. */
	environment: Record<string, string | undefined>;
}

/** Starts an instance. */
export function startApp({ name, folder, port, environment }: Options): App {
	const logs = join(ROOT, ".data", "e2e");
	mkdirSync(logs, { recursive: true });
	const log = openSync(join(logs, `${name}.log`), started.has(name) ? "a" : "w");
	started.add(name);
	const stop = new AbortController();
	const crash = new AbortController();
	const run = { signal: stop.signal, impatience: crash.signal };
	const all = { ...process.env, ...environment, NODE_ENV: "production" } as NodeJS.ProcessEnv;
	let group: number | undefined;
	const onStart = (pid: number) => {
		group = pid;
	};
	const options = { environment: all, folder, output: log, onStart };
	const ended = runNext(["start", "--port", String(port), ...KEEP_ALIVE], options, run).finally(() => {
		group = undefined;
	});
	return {
		ready: Promise.race([answers(port), ended.then((code) => Promise.reject(new Error(`next start: ${code}`)))]),
		stop: async () => {
			stop.abort();
			await ended;
		},
		kill: async () => {
			crash.abort();
			await ended;
		},
		freeze: () => void (group && process.kill(-group, "SIGSTOP")),
		thaw: () => void (group && process.kill(-group, "SIGCONT")),
	};
}

/** Names of instances that this process started before: one that starts again goes on with its log. */
const started = new Set<string>();

async function answers(port: number): Promise<void> {
	for (;;) {
		try {
			await fetch(`http://localhost:${port}/api/health`);
			return;
		} catch {
			await wait(50);
		}
	}
}
