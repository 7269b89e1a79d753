/**
 * What the app logged while everything else ran: structured lines, and nothing in them that authenticates anyone. Runs
 * last. (OWASP ASVS 5.0, V16.2.5 and V16.4.1.)
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessionCookieName } from "@/lib/session/cookie";
import { newRefreshToken } from "@/lib/session/refresh-token";
import { ROOT } from "./build";
import { expect, test } from "./fixtures";
import { cookieWith, createPerson, PASSWORD, startSessionOf } from "./people";
import { typedPasswords } from "./typed-passwords";

const instances = ["app", "second-app", "app-without-proxy"];
const linesOf = (name: string) =>
	readFileSync(join(ROOT, ".data", "e2e", `${name}.log`), "utf8")
		.trimEnd()
		.split("\n");

/** What Next prints before our code runs. */
const BANNER = /^(▲ Next\.js|- Local: |- Network: |✓)|^$/u;

for (const name of instances) {
	test(`the log of ${name} holds no cookie, token or password that was used`, async () => {
		const text = linesOf(name).join("\n");
		expect(text).toContain("Next.js");
		expect(await secretsIn(text)).toEqual([]);
	});

	test(`every line of the log of ${name} is structured`, () => {
		for (const line of linesOf(name).filter((line) => !BANNER.test(stripVTControlCharacters(line)))) {
			expect(() => JSON.parse(line), line.slice(0, 500)).not.toThrow();
		}
	});
}

test("a cookie, a token and a password would be found in a log", async () => {
	const { tokens, cookie } = await startSessionOf(await createPerson());
	const sealed = await cookieWith(tokens);
	for (const secret of [
		tokens.token,
		cookie,
		sealed.split("=")[1],
		PASSWORD,
		process.env.SESSION_SECRET,
		"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.x",
		newRefreshToken(),
	]) {
		expect(await secretsIn(`{"level":30,"msg":"something with ${secret} in it"}`), secret).not.toEqual([]);
	}
	expect(await secretsIn(`{"level":30,"id":"${crypto.randomUUID()}","msg":"nothing"}`)).toEqual([]);
});

/** What of a text is a secret, in words that do not repeat it. */
async function secretsIn(text: string): Promise<string[]> {
	const found: string[] = [];
	if (text.includes(`${sessionCookieName()}=`) || /Fe26\.\d/.test(text)) found.push("a session cookie");
	if (/eyJ[\w-]+\.eyJ/.test(text)) found.push("an access token");
	if (/refresh_[\w-]{43}/.test(text)) found.push("a refresh token");
	if (text.includes("argon2id")) found.push("the hash of a password");
	const { SESSION_SECRET = "", DATABASE_URL = "" } = process.env;
	for (const secret of [SESSION_SECRET, new URL(DATABASE_URL).password])
		if (text.includes(secret)) found.push("a secret");
	for (const password of [PASSWORD, ...typedPasswords()]) {
		if (text.includes(password) || text.includes(JSON.stringify(password).slice(1, -1))) found.push("a password");
	}
	const hashes = await hashesOfTokens();
	const candidates = new Set(text.match(TOKEN) ?? []);
	for (const candidate of candidates) if (hashes.has(hashOf(candidate))) found.push("a token");
	return found;
}

/** What a token of ours looks like: 32 bytes in base64url. */
const TOKEN = /(?<![\w-])[\w-]{43}(?![\w-])/g;
const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

/** The hashes of all tokens that there are: every column of the database whose name says so. */
async function hashesOfTokens(): Promise<Set<string>> {
	const columns = await db.execute<{ table: string; column: string }>(sql`
		select table_name as "table", column_name as "column" from information_schema.columns
		where table_schema = 'public' and data_type = 'bytea' and column_name like '%hash'
	`);
	const hashes = new Set<string>();
	for (const { table, column } of columns.rows) {
		const found = await db.execute<{ hash: string }>(
			sql`select encode(${sql.identifier(column)}, 'hex') as hash from ${sql.identifier(table)}`,
		);
		for (const { hash } of found.rows) hashes.add(hash);
	}
	return hashes;
}
