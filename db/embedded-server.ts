/** Creating, starting, finding and stopping the server process behind db/embedded.ts. */
import { execFileSync, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import {
	chownSync,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CannotStart } from "./cannot-start";
import type { EmbeddedHome } from "./embedded-home";

const STOP_TIMEOUT_SECONDS = 30;
const LAST_MOMENT_TRIES = 100;

/** Creates the data and its password in a draft folder, unless they exist, and moves both into place at once. */
export async function createCluster(home: EmbeddedHome): Promise<void> {
	if (existsSync(home.path)) return;
	removeOldDrafts(home);
	const draft = `${home.path}.new-${randomUUID()}`;
	try {
		mkdirSync(draft, { mode: 0o700 });
		const passwordFile = join(draft, "password");
		writeFileSync(passwordFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
		if (home.user) for (const path of [draft, passwordFile]) chownSync(path, home.user.uid, home.user.gid);
		const problem = await initialise(home, draft, passwordFile);
		if (problem)
			throw new CannotStart(`The embedded PostgreSQL cannot be created here (${problem}): set DATABASE_URL.`);
		// A home outside the checkout says whose it is.
		if (dirname(home.path) !== home.folder) writeFileSync(join(draft, "folder"), home.folder);
		renameSync(draft, home.path);
	} catch (error) {
		rmSync(draft, { recursive: true, force: true });
		// Unless another start in this checkout was faster: then what it created will do.
		if (!existsSync(home.path)) {
			throw new CannotStart(
				`The embedded PostgreSQL cannot be created in ${home.folder} (${(error as Error).message}): set DATABASE_URL.`,
			);
		}
	}
}

/** What a start that was killed at this point left behind. */
function removeOldDrafts(home: EmbeddedHome): void {
	const parent = dirname(home.path);
	for (const name of readdirSync(parent)) {
		const draft = join(parent, name);
		const minutesOld = (Date.now() - statSync(draft).mtimeMs) / 60_000;
		if (draft.startsWith(`${home.path}.new-`) && minutesOld > 10) rmSync(draft, { recursive: true, force: true });
	}
}

/**
 * Names sort as people expect (ICU's root locale), in UTF-8. The system's locale still decides what a letter is in
 * trigram search, so it must know UTF-8 too; what that locale is called differs. Returns what went wrong, if anything.
 */
async function initialise(home: EmbeddedHome, draft: string, passwordFile: string): Promise<string | undefined> {
	const flags = ["-D", join(draft, "data"), "-U", "kickoff", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
	flags.push("--encoding=UTF8", "--locale-provider=icu", "--icu-locale=und", "--no-sync");
	let problem: string | undefined;
	for (const locale of process.platform === "win32" ? ["C"] : ["C.UTF-8", "en_US.UTF-8", "C"]) {
		problem = await run(home, "initdb", [...flags, `--locale=${locale}`]);
		if (!problem?.includes("locale")) break;
	}
	return problem;
}

export interface ServerProcess {
	ended: boolean;
}

/** In a process group of its own, so that Ctrl-C in the terminal does not reach it: it is stopped last. */
export function startServer(home: EmbeddedHome, port: number, durable: boolean): ServerProcess {
	const settings = {
		listen_addresses: "127.0.0.1",
		port: String(port),
		unix_socket_directories: "",
		timezone: "UTC",
		log_timezone: "UTC",
		shared_buffers: "256MB",
		// Nothing replicates from it, and building an index then writes no log.
		wal_level: "minimal",
		max_wal_senders: "0",
		...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
	};
	const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
	const log = openSync(logFile(home), "w", 0o600);
	const child = spawn(program(home, "postgres"), ["-D", join(home.path, "data"), ...flags], {
		...spawnOptions(home),
		detached: true,
		stdio: ["ignore", log, log],
	});
	const server: ServerProcess = { ended: false };
	const end = () => {
		server.ended = true;
	};
	child.on("exit", end).on("error", end).unref();
	return server;
}

/**
 * What `postmaster.pid` says, unless a killed server left it behind. PostgreSQL itself notices when that process is
 * gone, but not when its number now belongs to another program, as happens after a reboot.
 */
export function runningServer(home: EmbeddedHome): { port: number; ready: boolean } | undefined {
	const data = join(home.path, "data");
	const file = join(data, "postmaster.pid");
	const [pid, , , port, , , , status] = readText(file).split("\n");
	if (!isAlive(Number(pid))) return undefined;
	if (!isServer(Number(pid), data)) {
		rmSync(file, { force: true });
		return undefined;
	}
	return { port: Number(port), ready: status?.trim() === "ready" };
}

/** Ends open connections and waits until the server is gone. */
export async function stopServer(home: EmbeddedHome): Promise<void> {
	const data = join(home.path, "data");
	const pid = Number.parseInt(readText(join(data, "postmaster.pid")), 10);
	const stop = ["stop", "-D", data, "-w", "-t", String(STOP_TIMEOUT_SECONDS), "-m"];
	if (await run(home, "pg_ctl", [...stop, "fast"])) await run(home, "pg_ctl", [...stop, "immediate"]);
	// pg_ctl waits for the file; the process takes a moment longer.
	for (let tries = 0; tries < LAST_MOMENT_TRIES && isServer(pid, data); tries++) await wait(10);
}

export function readPassword(home: EmbeddedHome): string {
	try {
		return readFileSync(join(home.path, "password"), "utf8").trim();
	} catch {
		throw new CannotStart(`${home.path} belongs to another user or is broken: delete it to start afresh.`);
	}
}

export function logFile(home: EmbeddedHome): string {
	return join(home.path, "log");
}

/** The last line of the server's log that says why it gave up. */
export function lastProblem(home: EmbeddedHome): string {
	const lines = readText(logFile(home)).trim().split("\n");
	return lines.findLast((line) => line.includes("FATAL")) ?? lines.at(-1) ?? "";
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const probe = createServer().on("error", reject);
		probe.listen(0, "127.0.0.1", () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
		});
	});
}

/** Runs one of PostgreSQL's programs to its end. Returns what it complained about, or undefined when all went well. */
function run(home: EmbeddedHome, name: "initdb" | "pg_ctl", flags: string[]): Promise<string | undefined> {
	return new Promise((resolve) => {
		const child = spawn(program(home, name), flags, { ...spawnOptions(home), stdio: ["ignore", "ignore", "pipe"] });
		let complaint = "";
		child.stderr.on("data", (chunk) => {
			complaint += chunk;
		});
		child.on("error", (error) => resolve(error.message));
		child.on("close", (code) =>
			resolve(code === 0 ? undefined : complaint.trim().split("\n")[0] || `${name}: ${code}`),
		);
	});
}

function program(home: EmbeddedHome, name: string): string {
	return join(home.programs, process.platform === "win32" ? `${name}.exe` : name);
}

/** Messages in English (we read them), a working folder that the server's user can enter, and that user. */
function spawnOptions(home: EmbeddedHome) {
	return { cwd: home.programs, env: { ...process.env, LC_ALL: "C" }, ...home.user };
}

function readText(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return "";
	}
}

/** Whether the process is a server on these data. Where the system does not say what it is, it is taken for one. */
function isServer(pid: number, data: string): boolean {
	return isAlive(pid) && (commandLine(pid)?.includes(data) ?? true);
}

function isAlive(pid: number): boolean {
	try {
		return pid > 0 && process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** Empty for a process that has ended and only waits to be reaped; undefined when the system does not tell. */
function commandLine(pid: number): string | undefined {
	try {
		if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
		if (process.platform === "win32") return undefined;
		return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
	} catch {
		return undefined;
	}
}
