import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { connections, db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { createUser, sessionOf } from "@/lib/testing/people";
import { runCommand } from "./admin-commands";
import { DATA_FOLDER } from "./environment";

vi.mock("./environment", async (original) => ({
	...(await original<typeof import("./environment")>()),
	DATA_FOLDER: join(tmpdir(), `kickoff-no-data-${process.pid}`),
}));

beforeAll(() => {
	for (const way of ["log", "error"] as const) vi.spyOn(console, way).mockReturnValue();
});

afterEach(async () => {
	vi.unstubAllEnvs();
	for (const undo of undos.splice(0)) await undo();
});

const undos: (() => Promise<void> | void)[] = [];

/** Does what `npm run admin --` does with these arguments. */
function admin(...typed: string[]): Promise<void> {
	const { signal } = new AbortController();
	return runCommand(typed, { signal, impatience: signal, onExit: (undo) => undos.unshift(undo) });
}

test("nothing happens when more is asked for than is understood", async () => {
	const alice = await createUser();
	const [first, second] = [await sessionOf(alice), await sessionOf(alice)];
	await expect(admin("end", alice.email, "--all")).rejects.toThrow(`Either ${alice.email} or --all, and not both.`);
	await expect(admin("end", first.id, second.id)).rejects.toThrow(`"${second.id}" is too much`);
	const unquoted = admin("suspend", alice.email, "--reason", "stole", "the", "laptop");
	await expect(unquoted).rejects.toThrow('"the laptop" is too much');
	expect(await db.$count(sessions)).toBe(2);
	expect(await db.select({ suspendedAt: users.suspendedAt }).from(users)).toEqual([{ suspendedAt: null }]);
	await admin("end", first.id);
	expect(await db.select({ id: sessions.id }).from(sessions)).toEqual([{ id: second.id }]);
});

test("the command line says on which database it works, without the password", async () => {
	await admin("list");
	const { username, host, pathname } = new URL(process.env.DATABASE_URL as string);
	expect(console.error).toHaveBeenLastCalledWith(`Database: ${username}@${host}${pathname}`);
});

test("without DATABASE_URL, the command line makes no database where there is none", async () => {
	vi.stubEnv("DATABASE_URL", "");
	await expect(admin("end", "--all")).rejects.toThrow("DATABASE_URL: Set it to the database of your app.");
	expect(existsSync(DATA_FOLDER)).toBe(false);
});

test("only creating an owner migrates the database; everything else says that its schema is another", async () => {
	await connections.query("drop schema public, drizzle, pgboss cascade; create schema public");
	const tables = async () =>
		(await connections.query("select from pg_tables where schemaname in ('public', 'drizzle', 'pgboss')")).rowCount;
	for (const typed of [["list"], ["end", "--all"], ["make-owner", "you@example.com"]]) {
		await expect(admin(...typed)).rejects.toThrow("bring the database up to date with `npm run db:migrate`");
	}
	expect(await tables()).toBe(0);
	await admin("create-owner", "you@example.com");
	expect(await db.select({ email: users.email, role: users.role }).from(users)).toEqual([
		{ email: "you@example.com", role: "owner" },
	]);
});
