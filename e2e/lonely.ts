/** An instance of a test's own, with a database of its own, which it may harm. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import type { Verdict } from "./acts";

/** What can be done to them. */
export type Act =
	/** The database is shut down and comes back; or both. */
	| "stop"
	| "start"
	| "restart"
	/** Nothing that is said to the database arrives any more, until those connections break. */
	| "freeze"
	| "thaw"
	/** The database stops answering, and then goes on as if nothing had been. */
	| "pause"
	| "resume"
	/** It may only be read. */
	| "read-only"
	| "writable"
	/** Others have all its connections. */
	| "exhaust"
	/** Somebody else locks the audit log, which every act writes last; or the people, which every request reads. */
	| "hold-log"
	| "hold-users"
	/** Ends `exhaust` and `hold-…`. */
	| "release"
	/** Waits until a connection waits for a lock. */
	| "await-writer"
	/** Begins all acts of acts.ts, while nobody may write to the table of this name: each is answered, or waits for that. */
	| "begin-acts"
	| "judge-acts"
	/** Cuts the connection that listens, while the session with this id ends. */
	| "cut-listener"
	/** The instance is killed without warning, and started again. */
	| "kill"
	| "run"
	/** Makes an owner with a session, whose password is PASSWORD. */
	| "person"
	/** Forces out the session with this id. */
	| "force-logout";

/** Somebody who is signed in there. */
export interface LonelyPerson {
	id: string;
	name: string;
	email: string;
	sessionId: string;
	cookie: string;
}

export interface Lonely {
	/** The address of the instance. */
	url: string;
	tell(act: "person"): Promise<LonelyPerson>;
	tell(act: "judge-acts"): Promise<Verdict>;
	tell(act: Act, argument?: string): Promise<unknown>;
	end(): Promise<void>;
}

export async function startLonely(): Promise<Lonely> {
	const flags = ["--import", "tsx", "e2e/lonely-server.ts"];
	const server = spawn(process.execPath, flags, { stdio: ["pipe", "pipe", "inherit"] });
	const lines = createInterface(server.stdout as NodeJS.ReadableStream);
	return {
		url: await lineAfter("ready ", lines),
		tell: async (act: Act, argument = "") => {
			const done = lineAfter(`done ${act} `, lines);
			server.stdin?.write(`${act} ${argument}`.trim().concat("\n"));
			return JSON.parse(await done);
		},
		end: () => end(server),
	};
}

function lineAfter(beginning: string, lines: Interface): Promise<string> {
	return new Promise((resolve) => {
		lines.on("line", function hear(text: string) {
			if (!text.startsWith(beginning)) return;
			lines.off("line", hear);
			resolve(text.slice(beginning.length));
		});
	});
}

async function end(server: ChildProcess): Promise<void> {
	const ended = new Promise((resolve) => server.on("exit", resolve));
	server.stdin?.end();
	await ended;
}
