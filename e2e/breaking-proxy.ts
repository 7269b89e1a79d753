/** A reverse proxy before an instance that passes everything on but the event stream, which it breaks like some proxies do. */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { appUrl } from "./request";

/** "hold" takes the stream's events and keeps them; "refuse" answers 502; "cut" lets go after the first; "pass" is well. */
export type Fault = "hold" | "refuse" | "cut" | "pass";

export interface BreakingProxy {
	url: string;
	fault: Fault;
	/** How many streams were asked for, and how often somebody asked who is there instead. */
	streams: number;
	polls: number;
	close(): void;
}

export async function startBreakingProxy(fault: Fault): Promise<BreakingProxy> {
	const server = createServer(pass);
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
	const url = `http://localhost:${(server.address() as AddressInfo).port}`;
	const proxy: BreakingProxy = { url, fault, streams: 0, polls: 0, close };
	return proxy;

	function pass(asked: IncomingMessage, answer: ServerResponse): void {
		const target = new URL(asked.url ?? "/", appUrl());
		const isStream = target.pathname === "/api/session/feed";
		if (isStream) proxy.streams++;
		else if (target.pathname === "/api/session") proxy.polls++;
		if (isStream && proxy.fault === "refuse") return void answer.writeHead(502).end();

		const headers = { ...asked.headers, host: target.host };
		const onward = request(target, { method: asked.method, headers }, (given) => {
			answer.writeHead(given.statusCode ?? 502, given.headers);
			if (!isStream || proxy.fault === "pass") return given.pipe(answer);
			answer.flushHeaders();
			if (proxy.fault === "cut") given.once("data", (data) => answer.end(data));
			given.resume();
		});
		onward.on("error", () => answer.destroy());
		answer.on("close", () => onward.destroy());
		asked.pipe(onward);
	}

	function close(): void {
		server.closeAllConnections();
		server.close();
	}
}
