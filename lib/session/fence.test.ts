import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { connections, db, type Transaction } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { connectionsWait } from "@/db/testing/locks";
import { forceLogout, forceLogoutAll } from "@/lib/admin/force-logout";
import { changeRole } from "@/lib/admin/roles";
import { suspend } from "@/lib/admin/suspension";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { fenced } from "./fence";
import { signOut } from "./own";
import { touch } from "./touch";

let owner: TestSession;
let alice: TestSession;
beforeEach(async () => {
	owner = await sessionOf(await createUser({ role: "owner" }));
	alice = await sessionOf(await createUser());
});

const nameOf = async ({ user }: TestSession) =>
	(await db.select({ name: users.name }).from(users).where(eq(users.id, user.id)))[0]?.name;

/** A fenced write that has begun and stops half-way, until it is told to go on. */
async function halfWay(session: TestSession) {
	let goOn = () => {};
	let begun = () => {};
	const mayGoOn = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	const hasBegun = new Promise<void>((resolve) => {
		begun = resolve;
	});
	const write = fenced(session, "product.use", async ({ tx }) => {
		await rename(tx, session, "Half-way");
		begun();
		await mayGoOn;
	});
	await Promise.race([hasBegun, write]);
	return { write, goOn };
}

const rename = (tx: Transaction, { user }: TestSession, name: string) =>
	tx.update(users).set({ name }).where(eq(users.id, user.id));
const write = (session: TestSession, name: string) =>
	fenced(session, "product.use", ({ tx }) => rename(tx, session, name));

const revocations: [string, (target: TestSession) => Promise<unknown>][] = [
	["a forced logout", (target) => forceLogout(owner, [target.id])],
	["signing everyone out", () => forceLogoutAll(owner)],
	["a suspension", (target) => suspend(owner, target.user.id, { reason: "A test" })],
	["signing out", (target) => signOut(target)],
];

describe.each(revocations)("a write and %s", (_name, revoke) => {
	test("in this order: the write commits before the revocation returns", async () => {
		const { write, goOn } = await halfWay(alice);
		let hasReturned = false;
		// What the database holds at that moment: which of two answers is read first says nothing about the commits.
		const revoked = revoke(alice).then(() => {
			hasReturned = true;
			return nameOf(alice);
		});
		await connectionsWait();
		expect(hasReturned).toBe(false);
		goOn();
		expect(await revoked).toBe("Half-way");
		await write;
	});

	test("in the other order: the write is refused and leaves nothing behind", async () => {
		await revoke(alice);
		await expect(write(alice, "Too late")).rejects.toMatchObject({ code: "session-ended" });
		expect(await nameOf(alice)).not.toBe("Too late");
	});
});

describe("writes", () => {
	test("that wait behind a revocation are refused when it has committed", async () => {
		const { goOn, write: first } = await halfWay(alice);
		const revoked = forceLogout(owner, [alice.id]);
		await connectionsWait();
		const second = write(alice, "Behind it");
		goOn();
		await first;
		await revoked;
		await expect(second).rejects.toMatchObject({ code: "session-ended" });
		expect(await nameOf(alice)).toBe("Half-way");
	});

	test("are undone when their work fails", async () => {
		const failing = fenced(alice, "product.use", async ({ tx }) => {
			await rename(tx, alice, "Never");
			throw new Error("a bug");
		});
		await expect(failing).rejects.toThrow("a bug");
		expect(await nameOf(alice)).not.toBe("Never");
	});

	test("of one session do not wait for each other", async () => {
		const harmless = () => fenced(alice, "product.use", async () => {});
		await fenced(alice, "product.use", harmless);
	});

	test("whose connection breaks are over: nothing of them is carried on with on another one", async () => {
		const broken = fenced(alice, "product.use", async ({ tx }) => {
			const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
			await connections.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
			await rename(tx, alice, "Outside of the transaction").catch(() => {});
			await rename(tx, alice, "Outside of the transaction");
		});
		await expect(broken).rejects.toThrow();
		expect(await nameOf(alice)).not.toBe("Outside of the transaction");
	});

	test("go on as before when connections broke, more of them than the pool holds", async () => {
		const breakOne = () =>
			fenced(alice, "product.use", ({ tx }) => tx.execute(sql`select pg_terminate_backend(pg_backend_pid())`));
		for (let count = 0; count < 15; count++) await expect(breakOne()).rejects.toThrow();
		await write(alice, "Still there");
		expect(await nameOf(alice)).toBe("Still there");
	});

	test("are judged by the role of this moment, not by the one that the request came with", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		await changeRole(owner, admin.user.id, "support");
		await expect(suspend(admin, alice.user.id, { reason: "A test" })).rejects.toMatchObject({ code: "forbidden" });
	});

	test("of an impersonation are judged by the roles of both people, also when a hand in the database changed one", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const impersonation = await impersonationOf(alice.user, admin);
		await db.update(users).set({ role: "support" }).where(eq(users.id, admin.user.id));
		await expect(write(impersonation, "Not any more")).rejects.toMatchObject({ code: "session-ended" });
	});

	test("of an impersonation are refused once the admin's own session is over", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const impersonation = await impersonationOf(alice.user, admin);
		await forceLogout(owner, [admin.id]);
		await expect(write(impersonation, "Too late")).rejects.toMatchObject({ code: "session-ended" });
	});

	test("of a session that ran into a limit are refused, although its row is still there", async () => {
		await db.update(sessions).set({ expiresAt: new Date() }).where(eq(sessions.id, alice.id));
		await expect(write(alice, "Too late")).rejects.toMatchObject({ code: "session-ended" });
	});
});

describe("acts that could deadlock", () => {
	test("queue up or are tried again: two owners who force each other out both get an answer", async () => {
		for (let round = 0; round < 3; round++) {
			const one = await sessionOf(await createUser({ role: "owner" }));
			const two = await sessionOf(await createUser({ role: "owner" }));
			const results = await Promise.allSettled([forceLogout(one, [two.id]), forceLogout(two, [one.id])]);
			const codes = results.map((result) => (result.status === "rejected" ? result.reason.code : "ended"));
			expect(codes.sort()).toEqual(["ended", "session-ended"]);
		}
	});

	test("two owners who suspend each other leave one who can sign in", async () => {
		const one = await sessionOf(await createUser({ role: "owner" }));
		const two = await sessionOf(await createUser({ role: "owner" }));
		const results = await Promise.allSettled([
			suspend(one, two.user.id, { reason: "A test" }),
			suspend(two, one.user.id, { reason: "A test" }),
		]);
		expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
	});
});

describe("noting that a session was seen", () => {
	const seenAt = async () =>
		(await db.select({ at: sessions.lastSeenAt }).from(sessions).where(eq(sessions.id, alice.id)))[0]?.at.getTime() ??
		0;
	const anHourAgo = new Date(Date.now() - 3_600_000);
	const seen = () => touch({ ...alice, lastSeenAt: anHourAgo });
	beforeEach(async () => {
		await db.update(sessions).set({ lastSeenAt: anHourAgo }).where(eq(sessions.id, alice.id));
	});

	test("happens by itself, after the answer", async () => {
		seen();
		await expect.poll(seenAt).toBeGreaterThan(anHourAgo.getTime());
	});

	test("never waits for a lock: a session that is being ended stays as it is", async () => {
		await db.transaction(async (tx) => {
			await tx.select({ id: sessions.id }).from(sessions).where(eq(sessions.id, alice.id)).for("update");
			seen();
			await idle();
			expect(await seenAt()).toBe(anHourAgo.getTime());
		});
	});

	test("never makes a revocation wait, and never brings a session back", async () => {
		for (let round = 0; round < 20; round++) seen();
		await forceLogout(owner, [alice.id]);
		await idle();
		expect(await seenAt()).toBe(0);
	});

	/** Resolves when no other connection works on anything. */
	async function idle(): Promise<void> {
		await expect
			.poll(async () => {
				const { rows } = await connections.query(`
					select pid from pg_stat_activity
					where datname = current_database() and state = 'active' and pid <> pg_backend_pid()
				`);
				return rows.length;
			})
			.toBe(0);
	}
});
