/**
 * Every secret that comes in or goes out by the door of an instance during a run, whoever sends it, a browser or a test:
 * logs.spec.ts looks for them in what was logged. The database forgets a link that was used and a token that was replaced;
 * this does not. Each instance loads this file ahead of the product, so it knows nothing but Node.
 */
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname, join } from "node:path";

const FILE = join(import.meta.dirname, "..", ".data", "e2e", "noted-secrets");
/** Shorter ones would be found in anything. */
const MINIMUM_CHARACTERS = 8;

/** For the environment of an instance whose log is looked through: it notes, and logs all that it can ever say. */
export const NOTING = { NODE_OPTIONS: `--import=${import.meta.url}`, NOTE_SECRETS: "yes", LOG_LEVEL: "trace" };

/** What a token of ours looks like: 32 bytes in base64url, also right behind an escaped character. */
export const TOKEN = /(?<=^|[^\w-]|%[\dA-Fa-f]{2}|\\[bfnrt])[\w-]{43}(?![\w-])/g;
/** What we seal, such as the cookie of a session. */
const SEAL = /Fe26\.2[\w.*~-]+/g;

/** Begins a run. */
export function forgetSecrets(): void {
	mkdirSync(dirname(FILE), { recursive: true });
	rmSync(FILE, { force: true });
}

/** All that were noted in this run. */
export function notedSecrets(): Set<string> {
	const lines = existsSync(FILE) ? readFileSync(FILE, "utf8").split("\n").filter(Boolean) : [];
	return new Set(lines.map((line) => JSON.parse(line)));
}

const noted = new Set<string>();

function note(secrets: string[]): void {
	const unknown = secrets.filter((secret) => secret.length >= MINIMUM_CHARACTERS && !noted.has(secret));
	for (const secret of unknown) noted.add(secret);
	if (unknown.length > 0) appendFileSync(FILE, unknown.map((secret) => `${JSON.stringify(secret)}\n`).join(""));
}

if (process.env.NOTE_SECRETS) {
	note(ownSecrets());
	subscribe("http.server.request.start", (message) => {
		const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
		noteHead([request.url ?? "", ...request.rawHeaders].join("\n"));
		noteBody(request);
		response.once("close", () => noteHead(`${response.getHeader("location")}\n${response.getHeader("set-cookie")}`));
	});
}

/** What the instance was given at its start. */
function ownSecrets(): string[] {
	const { SESSION_SECRET = "", DATABASE_URL = "", OIDC_PROVIDERS = "[]" } = process.env;
	const ofProviders = (JSON.parse(OIDC_PROVIDERS) as { clientSecret: string }[]).map(
		({ clientSecret }) => clientSecret,
	);
	return [SESSION_SECRET, new URL(DATABASE_URL).password, ...ofProviders];
}

function noteHead(text: string): void {
	note(tokensIn(text));
	const [, basic = ""] = /^Basic (\S+)$/m.exec(text) ?? [];
	note([basic, ...tokensIn(Buffer.from(basic, "base64").toString())]);
}

/** Listens to the parser of HTTP: whoever read the body itself would take it away from the product. */
function noteBody(request: IncomingMessage): void {
	const chunks: Buffer[] = [];
	const push = request.push.bind(request);
	request.push = (chunk, encoding) => {
		if (chunk) chunks.push(chunk);
		else if (chunks.length > 0) {
			const body = Buffer.concat(chunks).toString();
			note([...tokensIn(body), ...passwordsIn(body)]);
		}
		return push(chunk, encoding);
	};
}

const tokensIn = (text: string) => [...(text.match(TOKEN) ?? []), ...(text.match(SEAL) ?? [])];

/** The values of fields whose name says so, in a form or in JSON; but for ids, with which some tests fill in any field. */
function passwordsIn(body: string): string[] {
	const inForms = body.matchAll(/name="[^"]*(?:password|secret)[^"]*"\r\n\r\n([^\r]*)\r\n/gi);
	const inJson = body.matchAll(/"[^"]*(?:password|secret)[^"]*":"([^"]*)"/gi);
	return [...inForms, ...inJson].map(([, value = ""]) => value).filter((value) => !/^[\da-f-]{36}$/.test(value));
}
