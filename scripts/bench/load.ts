/** Puts load on a server with many people's cookies in turn, and accepts nothing but right answers. */
import autocannon from "autocannon";
import { NOBODY } from "./app/identity";
import type { Visitor } from "./people";

export interface Load {
	url: string;
	path: string;
	/** A Cookie header for each visitor. */
	cookies: string[];
	connections: number;
	signal: AbortSignal;
}

/** Sends so many requests, however long that takes. */
export async function sendRequests(load: Load, amount: number): Promise<void> {
	await send(load, { amount });
}

/** Sends requests for so many seconds; gives how many were answered in which time. */
export async function sendRequestsFor(load: Load, seconds: number): Promise<{ requests: number; seconds: number }> {
	const { requests, duration } = await send(load, { duration: seconds });
	return { requests: requests.total, seconds: duration };
}

async function send(load: Load, limit: { amount: number } | { duration: number }): Promise<autocannon.Result> {
	const requests = load.cookies.map((cookie) => ({ path: load.path, headers: { cookie } }));
	let connected = 0;
	const sending = autocannon({
		...limit,
		url: load.url,
		connections: load.connections,
		// Each connection goes through the visitors from a place of its own.
		setupClient(client) {
			const first = Math.floor((requests.length * connected++) / load.connections);
			client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
		},
	});
	const stop = () => (sending as unknown as autocannon.Instance).stop();
	load.signal.addEventListener("abort", stop);
	const result = await sending;
	load.signal.removeEventListener("abort", stop);
	load.signal.throwIfAborted();
	if (result.errors + result.non2xx > 0) {
		throw new Error(`${load.url + load.path}: ${result.errors} errors, ${result.non2xx} answers other than 2xx`);
	}
	return result;
}

/** Throws unless the server names each of some visitors, and refuses whoever has no cookie (if it knows anybody). */
export async function checkAnswers({ url, path, cookies }: Load, visitors: Visitor[]): Promise<void> {
	const anonymous = await ask(url + path);
	for (const index of [0, 1, visitors.length - 1]) {
		const answer = await ask(url + path, cookies[index]);
		const isRight = answer.includes("Project 20") && answer.includes(visitors[index]?.userId ?? "");
		if (!isRight && !answer.includes(NOBODY)) throw new Error(`${url + path} gives another answer:\n${answer}`);
	}
	if (anonymous.includes("Project 20") && !anonymous.includes(NOBODY)) {
		throw new Error(`${url + path} lets everybody in`);
	}
}

async function ask(url: string, cookie?: string): Promise<string> {
	const response = await fetch(url, { headers: cookie ? { cookie } : {}, redirect: "manual" });
	return response.text();
}
