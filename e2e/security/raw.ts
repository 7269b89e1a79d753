/** Requests of exactly these bytes, for what `fetch` and `node:http` would tidy up or refuse to send. */
import { connect } from "node:net";
import type { SignedIn } from "../people";
import { appUrl } from "../request";

interface Options {
	as?: Pick<SignedIn, "cookie"> | null;
	on?: string;
	method?: string;
	/** In this order, and as often as they are given. */
	headers?: [name: string, value: string][];
	body?: string;
}

export interface RawAnswer {
	/** 0 when the server closed the connection without a word. */
	status: number;
	/** As they came. */
	head: string;
	/** Without what marks the chunks. */
	text: string;
}

/** Sends a request whose target is written as it is given, and reads until the server closes the connection. */
export function sendRaw(target: string, { as, on = appUrl(), method = "GET", headers = [], body }: Options = {}) {
	const { hostname, port, host } = new URL(on);
	const own = [
		["Host", host],
		["Connection", "close"],
		...(as ? [["Cookie", as.cookie]] : []),
		...(body === undefined ? [] : [["Content-Length", String(Buffer.byteLength(body))]]),
	].filter(([name]) => !headers.some(([other]) => other.toLowerCase() === name?.toLowerCase()));
	const lines = [...own, ...headers].map(([name, value]) => `${name}: ${value}\r\n`);
	return exchange(hostname, Number(port), `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`);
}

function exchange(hostname: string, port: number, bytes: string): Promise<RawAnswer> {
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		const socket = connect(port, hostname, () => socket.write(Buffer.from(bytes, "latin1")));
		socket.on("data", (chunk) => chunks.push(chunk));
		// Reset, after an answer that did not wait for all that was sent.
		socket.on("error", () => {});
		socket.on("close", () => resolve(parse(Buffer.concat(chunks).toString())));
	});
}

const CHUNK_SIZES = /\r\n[0-9a-f]{1,8}\r\n/g;

function parse(answer: string): RawAnswer {
	const [head = "", ...rest] = answer.split("\r\n\r\n");
	return {
		status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
		head,
		text: rest.join("\r\n\r\n").replace(CHUNK_SIZES, ""),
	};
}
