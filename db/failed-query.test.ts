import { inspect } from "node:util";
import { eq, sql } from "drizzle-orm";
import pino from "pino";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { users } from "@/db/schema";
import { isUniqueViolation } from "./errors";

const secret = "$argon2id$v=19$m=19456,t=2,p=1$c2VjcmV0c2FsdA$aGFzaGhhc2g";
const person = { name: "Alice", email: "alice-of-the-log@example.com", passwordHash: secret };

/** All that a log may make of an error: our logger's line, and what Next prints. */
function logged(error: unknown): string {
	const lines: string[] = [];
	pino({ serializers: { error: pino.stdSerializers.err } }, { write: (line: string) => lines.push(line) }).error({
		error,
	});
	return lines.join() + inspect(error, { depth: 9 }) + String((error as Error).stack);
}

const failures: [string, () => Promise<unknown>][] = [
	["a taken address", async () => [await db.insert(users).values(person), await db.insert(users).values(person)]],
	["a row that may not be", () => db.insert(users).values({ ...person, name: null as unknown as string })],
	["a transaction", () => db.transaction((tx) => tx.insert(users).values({ ...person, role: "king" as "owner" }))],
	["a statement by hand", () => db.execute(sql`select ${secret}::int, ${person.email}::text`)],
	["a prepared statement", () => prepared.execute({ email: `\0${person.email}${secret}` })],
];
const prepared = db
	.select({ id: users.id })
	.from(users)
	.where(eq(users.email, sql.placeholder("email")))
	.prepare("by_email");

test.each(failures)("%s that fails says which statement it was, and nothing of what was in it", async (_what, fail) => {
	const error = await fail().catch((thrown) => thrown);
	const text = logged(error);
	expect(text).toMatch(/Failed query: (insert|select)/);
	expect(text).not.toContain(secret);
	expect(text).not.toContain(person.email);
});

test("what went wrong is still known by its code", async () => {
	const twice = db.insert(users).values([person, person]);
	expect(isUniqueViolation(await twice.catch((error) => error))).toBe(true);
});
