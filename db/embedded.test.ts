import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chmodSync,
	lstatSync,
	mkdtempSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { createConnection } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded";

const TIMEOUT_MS = 60_000;

/** Made once; most tests begin with a copy, because creating a server takes longer than starting it. */
const created = temporaryFolder();
let folder: string;
let started: EmbeddedPostgres[];
const homesOutside: string[] = [];

beforeAll(async () => {
	const server = await startEmbeddedPostgres({ folder: created });
	await server.stop();
}, TIMEOUT_MS);

beforeEach(() => {
	folder = temporaryFolder();
	spawnSync("cp", ["-a", join(created, "postgres"), folder]);
	started = [];
});

afterAll(() => rmSync(created, { recursive: true, force: true }));

afterEach(async () => {
	for (const server of started) await server.stop();
	for (const path of homesOutside) rmSync(path, { recursive: true, force: true });
	rmSync(folder, { recursive: true, force: true });
}, TIMEOUT_MS);

describe("the embedded PostgreSQL", { timeout: TIMEOUT_MS }, () => {
	test("keeps what was written from one start to the next", async () => {
		const first = await start();
		await query(first, "create table kept (word text); insert into kept values ('still here')");
		await first.stop();
		expect(await query(await start(), "select word from kept")).toEqual([{ word: "still here" }]);
	});

	test("is created once by two starts at the same moment, and stopped by the last to leave", async () => {
		rmSync(join(folder, "postgres"), { recursive: true });
		const [first, second] = await Promise.all([start(), start()]);
		expect(second.url).toBe(first.url);
		await first.stop();
		expect(await query(second, "select 1 as one")).toEqual([{ one: 1 }]);
		await second.stop();
		expect(await canConnect(portOf(second))).toBe(false);
	});

	test("does not get in the way of a start in another folder", async () => {
		const other = temporaryFolder();
		started.unshift({ url: "", stop: async () => rmSync(other, { recursive: true }) });
		const [one, two] = await Promise.all([start(), start(other)]);
		expect(two.url).not.toBe(one.url);
		await two.stop();
		expect(await query(one, "select 1 as one")).toEqual([{ one: 1 }]);
	});

	test("starts again after it was killed", async () => {
		await query(await start(folder, true), "create table kept ()");
		process.kill(serverPid(), "SIGKILL");
		expect(await query(await start(), "select count(*)::int as found from pg_class where relname = 'kept'")).toEqual([
			{ found: 1 },
		]);
	});

	test("starts although the number of its killed process now belongs to another program", async () => {
		await (await start()).stop();
		writeFileSync(pidFile(), `${process.pid}\n${folder}\n1\n1\n\n127.0.0.1\n0 0\nready\n`);
		expect(await query(await start(), "select 1 as one")).toEqual([{ one: 1 }]);
	});

	test("is taken over when its launcher was killed, and then stopped", async () => {
		const launcher = await startInAnotherProcess();
		const orphan = serverPid();
		launcher.kill("SIGKILL");
		await once(launcher, "exit");
		const server = await start();
		expect(serverPid()).toBe(orphan);
		await server.stop();
		expect(await canConnect(portOf(server))).toBe(false);
	});

	test("listens on this machine alone, and shows its password to nobody", async () => {
		const server = await start();
		const { password } = new URL(server.url);
		const outward = Object.values(networkInterfaces())
			.flat()
			.filter((address) => address?.family === "IPv4" && !address.internal);
		for (const address of outward) expect(await canConnect(portOf(server), address?.address)).toBe(false);
		expect(await canConnect(portOf(server))).toBe(true);
		expect(statSync(join(folder, "postgres", "password")).mode & 0o077).toBe(0);
		expect(readFileSync(join(folder, "postgres", "log"), "utf8")).not.toContain(password);
	});

	test("works in a folder that nobody else may enter, and leaves a link there if it must live elsewhere", async () => {
		rmSync(join(folder, "postgres"), { recursive: true });
		chmodSync(folder, 0o700);
		await query(await start(), "create table kept ()");
		await started.pop()?.stop();
		expect(await query(await start(), "select count(*)::int as found from pg_class where relname = 'kept'")).toEqual([
			{ found: 1 },
		]);
		const isLink = lstatSync(join(folder, "postgres")).isSymbolicLink();
		expect(isLink).toBe(process.getuid?.() === 0);
		if (isLink) homesOutside.push(readlinkSync(join(folder, "postgres")));
	});

	test("sorts names as people do, knows the letters of every script, and keeps time in UTC", async () => {
		const server = await start();
		const [row] = await query(
			server,
			`create extension pg_trgm;
			select
				array(select name from unnest(array['Zoë', 'Åsa', 'bob', 'Émile', 'Emma', 'Ada']) as name order by name) as names,
				array_length(show_trgm('山田'), 1) as trigrams,
				current_setting('timezone') as timezone`,
		);
		expect(row).toEqual({ names: ["Ada", "Åsa", "bob", "Émile", "Emma", "Zoë"], trigrams: 3, timezone: "UTC" });
	});
});

async function start(where = folder, durable = false): Promise<EmbeddedPostgres> {
	const server = await startEmbeddedPostgres({ folder: where, durable });
	started.push(server);
	return server;
}

/** The rows of the last statement. */
async function query({ url }: EmbeddedPostgres, statements: string): Promise<postgres.Row[]> {
	const connection = postgres(url, { max: 1, onnotice: () => {} });
	try {
		const results = await connection.unsafe(statements);
		const last = Array.isArray(results[0]) ? (results.at(-1) as unknown as postgres.Row[]) : results;
		return [...last];
	} finally {
		await connection.end();
	}
}

async function startInAnotherProcess(): Promise<ChildProcess> {
	const program = `
		import { startEmbeddedPostgres } from "./db/embedded.ts";
		await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, durable: false });
		console.log("started");
		setInterval(() => {}, 1000);
	`;
	const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	await once(child.stdout, "data");
	return child;
}

const pidFile = () => join(folder, "postgres", "data", "postmaster.pid");
const serverPid = () => Number.parseInt(readFileSync(pidFile(), "utf8"), 10);

const portOf = ({ url }: EmbeddedPostgres) => Number(new URL(url).port);

function canConnect(port: number, host = "127.0.0.1"): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = createConnection({ port, host });
		socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
		socket.on("close", () => socket.destroy());
	});
}

/** One that everybody may enter; `mkdtemp` makes them for their owner alone. */
function temporaryFolder(): string {
	const path = mkdtempSync(join(tmpdir(), "kickoff embedded "));
	chmodSync(path, 0o755);
	return path;
}
