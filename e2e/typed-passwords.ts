/** Every password that a browser sends during a run, kept in a file: logs.spec.ts looks for them in what the app logged. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext } from "@playwright/test";
import { ROOT } from "./build";

const FOLDER = join(ROOT, ".data", "e2e");
const FILE = join(FOLDER, "typed-passwords");
/** Shorter ones would be found in anything. */
const MINIMUM_CHARACTERS = 8;

/** Notes the passwords in whatever this browser sends. */
export function noteTypedPasswords(context: BrowserContext): void {
	context.on("request", (request) => {
		const body = request.method() === "GET" ? null : request.postDataBuffer()?.toString();
		const passwords = passwordsIn(body ?? "").map((password) => `${JSON.stringify(password)}\n`);
		if (passwords.length > 0) appendFileSync(FILE, passwords.join(""));
	});
}

/** All that were noted in this run. */
export function typedPasswords(): string[] {
	const lines = existsSync(FILE) ? readFileSync(FILE, "utf8").trimEnd().split("\n").filter(Boolean) : [];
	return [...new Set(lines.map((line) => JSON.parse(line) as string))];
}

/** Begins a run. */
export function forgetTypedPasswords(): void {
	mkdirSync(FOLDER, { recursive: true });
	rmSync(FILE, { force: true });
}

/** The values of fields whose name says password, in a form or in JSON. */
function passwordsIn(body: string): string[] {
	const inForms = body.matchAll(/name="[^"]*password[^"]*"\r\n\r\n([^\r]*)\r\n/gi);
	const inJson = body.matchAll(/"[^"]*password[^"]*":"([^"]*)"/gi);
	return [...inForms, ...inJson].map(([, value = ""]) => value).filter((value) => value.length >= MINIMUM_CHARACTERS);
}
