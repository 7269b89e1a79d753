import { beforeAll, expect, test, vi } from "vitest";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { createUser, sessionOf } from "@/lib/testing/people";
import { runCommand } from "./admin-commands";

beforeAll(() => {
	for (const way of ["log", "error"] as const) vi.spyOn(console, way).mockReturnValue();
});

/** Does what `npm run admin --` does with these arguments. */
function admin(...typed: string[]): Promise<void> {
	const { signal } = new AbortController();
	return runCommand(typed, { signal, impatience: signal, onExit: () => {} });
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
