/**
 * What the app logged while everything else ran: structured lines, and nothing in them that authenticates anyone. Runs
 * last. (OWASP ASVS 5.0, V16.2.5 and V16.4.1.)
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { sql } from "drizzle-orm";
import { unsealData } from "iron-session";
import { db } from "@/db/client";
import { keysFor } from "@/lib/keys";
import type { Person } from "@/lib/session/lookup";
import { newRefreshToken } from "@/lib/session/refresh-token";
import { newToken } from "@/lib/session/token";
import { ROOT } from "./build";
import { expect, test } from "./fixtures";
import { notedSecrets, TOKEN } from "./noted-secrets";
import { createPeople, PASSWORD, startSessionOf } from "./people";
import { request } from "./request";

// One after the other, because all of them look for the same secrets.
test.describe.configure({ mode: "default" });

const instances = ["app", "second-app", "app-without-proxy", "lonely-app"];
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
		expect(secretsIn(text, await knownSecrets())).toEqual([]);
	});

	test(`every line of the log of ${name} is structured`, () => {
		for (const line of linesOf(name).filter((line) => !BANNER.test(stripVTControlCharacters(line)))) {
			expect(() => JSON.parse(line), line.slice(0, 500)).not.toThrow();
		}
	});
}

test("a cookie, a token and a password would be found in a log, also those that are good for nothing any more", async () => {
	const [person] = (await createPeople(1, { password: PASSWORD })) as [Person];
	const { tokens, cookie } = await startSessionOf(person);
	const [wrong, link, id, secret] = [`not ${crypto.randomUUID()}`, newToken(), crypto.randomUUID(), newToken()];
	const prove = (password: string) => {
		const headers = { "Content-Type": "application/json" };
		return request("/api/session/proof", {
			as: { cookie },
			method: "POST",
			headers,
			body: JSON.stringify({ password }),
		});
	};
	expect((await prove(wrong)).status).toBe(400);
	expect((await prove(PASSWORD)).status, "which replaces the token").toBe(204);
	await request(`/link/reset-password/${link}`);
	await request("/api/oauth/token", { method: "POST", headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` } });
	const unsent = await startSessionOf(person);

	const known = await knownSecrets();
	for (const leaked of [
		...[tokens.token, cookie, cookie.split("=")[1], wrong, PASSWORD, link, secret, unsent.tokens.token],
		...[process.env.SESSION_SECRET, "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.x", newRefreshToken()],
	]) {
		for (const before of [" ", "\n", "%2F"]) {
			const line = JSON.stringify({ level: 30, msg: `something with${before}${leaked} in it` });
			expect(secretsIn(line, known), line).not.toEqual([]);
		}
	}
	expect(secretsIn(JSON.stringify({ level: 30, id, token: newToken() }), known)).toEqual([]);
});

interface Known {
	/** Tokens that came or went in this run, also those in cookies. */
	tokens: Set<string>;
	/** The hashes of all that the database still knows, whether or not anybody has sent them. */
	hashes: Set<string>;
	/** Passwords and the like, of no shape that could be looked for. */
	others: string[];
}

async function knownSecrets(): Promise<Known> {
	const noted = [...notedSecrets()];
	const seals = noted.filter((secret) => secret.startsWith("Fe26."));
	const bare = noted.filter((secret) => new RegExp(`^${TOKEN.source}$`).test(secret));
	const sealed = (await Promise.all(seals.map(tokensSealedIn))).flat();
	const [tokens, known] = [new Set([...bare, ...sealed]), new Set([...bare, ...seals])];
	return { tokens, hashes: await hashesOfTokens(), others: noted.filter((secret) => !known.has(secret)) };
}

/** The tokens in the cookie of a session; of no other seal, because what is in those comes by itself too. */
function tokensSealedIn(seal: string): Promise<string[]> {
	const [password = ""] = keysFor("kickoff session cookie");
	const tokens = opened.get(seal) ?? unsealData<Record<string, string>>(seal, { password }).then(Object.values<string>);
	opened.set(seal, tokens);
	return tokens;
}

/** There are thousands, and opening one takes a third of a millisecond. */
const opened = new Map<string, Promise<string[]>>();

/** What of a text is a secret, in words that do not repeat it. */
function secretsIn(text: string, { tokens, hashes, others }: Known): string[] {
	const found: string[] = [];
	if (/__Host-[\w-]+=\w|Fe26\.\d/.test(text)) found.push("a cookie");
	if (/eyJ[\w-]+\.eyJ/.test(text)) found.push("an access token");
	if (/refresh_[\w-]{43}/.test(text)) found.push("a refresh token");
	if (text.includes("argon2id")) found.push("the hash of a password");
	for (const secret of others) {
		if (text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1))) found.push("a password");
	}
	for (const candidate of new Set(text.match(TOKEN) ?? [])) {
		if (tokens.has(candidate) || hashes.has(hashOf(candidate))) found.push("a token");
	}
	return found;
}

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
