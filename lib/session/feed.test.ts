import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { eq, sql } from "drizzle-orm";
import { Client } from "pg";
import postgres from "postgres";
import { afterEach, describe, expect, inject, test, vi } from "vitest";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { connectionsWait } from "@/db/testing/locks";
import { withoutDatabase } from "@/db/testing/outage";
import { forceLogout } from "@/lib/admin/force-logout";
import { changeRole } from "@/lib/admin/roles";
import { environment } from "@/lib/environment";
import { createUser, impersonationOf, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { sessionEvents } from "./event-stream";
import { endOfSession, type FeedEvent, watchSession } from "./feed";
import { findSession } from "./lookup";

const releases: (() => void)[] = [];
afterEach(() => {
	for (const release of releases.splice(0)) release();
});

/** Watches a session; gives what was heard so far, and a wait for the first event of a kind. */
function watch(session: TestSession) {
	const heard: FeedEvent[] = [];
	releases.push(watchSession(session, (event) => heard.push(event)));
	const kinds = () => heard.map(({ kind }) => kind);
	const identities = () => heard.flatMap((event) => (event.kind === "session" ? [event.identity] : []));
	return { kinds, identities, until: (kind: FeedEvent["kind"]) => eventually(kinds).toContain(kind) };
}

/** Patient, because the machine may be slow. */
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 20_000 });

describe("a watch", () => {
	test("begins with who the session is, and then hears that it ended, once", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const alice = await sessionOf(await createUser());
		const { kinds, identities, until } = watch(alice);
		await until("session");
		expect(identities()).toEqual([{ session: { id: alice.id }, user: alice.user, impersonator: null }]);
		await forceLogout(owner, [alice.id]);
		await until("ended");
		expect(kinds().filter((kind) => kind !== "console")).toEqual(["session", "ended"]);
	});

	test("hears at once that the session was over before it began", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const alice = await sessionOf(await createUser());
		await forceLogout(owner, [alice.id]);
		const { kinds, until } = watch(alice);
		await until("ended");
		expect(kinds()).toEqual(["ended"]);
	});

	test("begins with what became of the person since the page was made", async () => {
		const alice = await sessionOf(await createUser({ role: "support" }));
		await db.update(users).set({ role: "user" }).where(eq(users.id, alice.user.id));
		const { identities, until } = watch(alice);
		await until("session");
		expect(identities()[0]?.user.role).toBe("user");
	});

	test("hears each change of role, name and e-mail, and nothing of what no page shows", async () => {
		const alice = await sessionOf(await createUser());
		const { identities, until } = watch(alice);
		await until("session");
		const set = (values: Partial<typeof users.$inferInsert>) =>
			db.update(users).set(values).where(eq(users.id, alice.user.id));
		await set({ passwordHash: "another" });
		await set({ role: "support" });
		await eventually(() => identities().at(-1)?.user.role).toBe("support");
		await set({ name: "Alice Liddell" });
		await eventually(() => identities().at(-1)?.user.name).toBe("Alice Liddell");
		await set({ email: `liddell-${alice.id}@example.com` });
		await eventually(() => identities().at(-1)?.user.email).toContain("liddell");
		expect(identities()).toHaveLength(4);
	});

	test("of an impersonation ends when the admin behind it is demoted", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const impersonation = await impersonationOf(await createUser(), admin);
		const { until } = watch(impersonation);
		await until("session");
		await changeRole(owner, admin.user.id, "user");
		await until("ended");
	});

	test("hears what is done by hand: a row deleted, a table emptied, a limit moved, a person suspended", async () => {
		const acts: ((session: TestSession) => PromiseLike<unknown>)[] = [
			({ id }) => db.delete(sessions).where(eq(sessions.id, id)),
			() => db.execute(sql`truncate sessions`),
			({ id }) => db.update(sessions).set({ expiresAt: sql`now()` }).where(eq(sessions.id, id)),
			({ user }) => db.update(users).set({ suspendedAt: new Date() }).where(eq(users.id, user.id)),
		];
		for (const act of acts) {
			const alice = await sessionOf(await createUser());
			const { until } = watch(alice);
			await until("session");
			await act(alice);
			await until("ended");
		}
	});

	const soon = () => new Date(Date.now() + 1_000);
	const almostIdle = () => new Date(soon().getTime() - environment().SESSION_IDLE_SECONDS * 1000);
	test.each([
		["absolute limit", () => ({ expiresAt: soon() })],
		["idle limit", () => ({ lastSeenAt: almostIdle() })],
	])("ends by itself at the %s of the session, or of the one behind an impersonation", async (_limit, values) => {
		for (const who of ["their own", "impersonated"]) {
			const own = await sessionOf(await createUser({ role: "admin" }));
			const watched = who === "their own" ? own : await impersonationOf(await createUser(), own);
			await db.execute(sql`alter table sessions disable trigger sessions_limit_moved`);
			await db.update(sessions).set(values()).where(eq(sessions.id, own.id));
			await db.execute(sql`alter table sessions enable trigger sessions_limit_moved`);
			const { until } = watch(watched);
			await until("session");
			await until("ended");
			expect(await findSession(watched.tokens, watched.origin), who).toBeNull();
		}
	});
});

describe("what it costs", () => {
	test("hundreds of watches that begin at once ask the database a few times, and then no more", async () => {
		const alice = await sessionOf(await createUser());
		// As many as one person may have, each in three tabs.
		const devices = await Promise.all(Array.from({ length: 99 }, () => sessionOf(alice.user)));
		const all = devices.flatMap((session) => [session, session, session]);
		const query = vi.spyOn(Client.prototype, "query");
		// The listener tries its connection all the time, however many watch.
		const asked = () => query.mock.calls.filter(([statement]) => String(statement) !== "select 1").length;
		const watches = all.map(watch);
		await Promise.all(watches.map(({ until }) => until("session")));
		expect(asked()).toBeGreaterThan(0);
		expect(asked()).toBeLessThanOrEqual(3);
		query.mockClear();
		await db.update(users).set({ role: "support" }).where(eq(users.id, alice.user.id));
		await Promise.all(watches.map(({ identities }) => eventually(() => identities().length).toBe(2)));
		// One of them is the update itself.
		expect(asked()).toBeLessThanOrEqual(3);
		query.mockRestore();
	});

	test("an end of very many sessions, and a change of very many people, is announced in one word", async () => {
		const announced: string[] = [];
		const listener = postgres(process.env.DATABASE_URL ?? "", { max: 1, onnotice: () => {} });
		await listener.listen("session_feed", (payload) => announced.push(payload));
		const people = await Promise.all(Array.from({ length: 150 }, () => createUser()));
		const watches = (await Promise.all(people.map((person) => sessionOf(person)))).map(watch);
		await Promise.all(watches.map(({ until }) => until("session")));
		announced.length = 0;
		await db.execute(sql`update users set name = name || '!'`);
		await Promise.all(watches.map(({ identities }) => eventually(() => identities().length).toBe(2)));
		await db.execute(sql`delete from sessions`);
		await Promise.all(watches.map(({ until }) => until("ended")));
		await eventually(() => announced).toEqual(["recheck:", "recheck:"]);
		await listener.end();
	});
});

describe("while the listening connection is lost", () => {
	/** Ends the feed's connection from the server's side. */
	const cut = () =>
		db.execute(sql`
			select pg_terminate_backend(pid) from pg_stat_activity
			where application_name = 'kickoff feed' and datname = current_database()
		`);

	test("an end that was announced to nobody is told when it is back", async () => {
		const alice = await sessionOf(await createUser());
		const { until } = watch(alice);
		await until("session");
		await cut();
		await db.delete(sessions).where(eq(sessions.id, alice.id));
		await until("ended");
	});

	test("and cannot be made again, an end is told within a second all the same", async () => {
		await withoutNewConnections(async () => {
			await cut();
			expect(await fastestEnd()).toBeLessThan(1_000);
		});
	});

	test("without a word, because nothing gets through any more, an end is told within a second all the same", async () => {
		const { url, stop, freeze } = await relay(process.env.DATABASE_URL ?? "");
		vi.stubEnv("DATABASE_URL", url);
		await cut();
		const { until } = watch(await sessionOf(await createUser()));
		await until("session");
		await eventually(isListening).toBe(true);
		freeze();
		expect(await fastestEnd()).toBeLessThan(1_000);
		vi.unstubAllEnvs();
		stop();
		await eventually(isListening).toBe(true);
	});

	/** How many milliseconds it took at best, because the machine may be slow, until a watch heard of an end. */
	async function fastestEnd(): Promise<number> {
		const person = await createUser();
		const took: number[] = [];
		for (let round = 0; round < 3; round++) {
			const session = await sessionOf(person);
			let begin = () => {};
			let end = () => {};
			const begun = new Promise<void>((resolve) => {
				begin = resolve;
			});
			const ended = new Promise<void>((resolve) => {
				end = resolve;
			});
			releases.push(watchSession(session, ({ kind }) => (kind === "ended" ? end() : begin())));
			await begun;
			await db.delete(sessions).where(eq(sessions.id, session.id));
			const since = performance.now();
			await ended;
			took.push(performance.now() - since);
		}
		return Math.min(...took);
	}

	async function isListening(): Promise<boolean> {
		const { rows } = await db.execute(sql`
			select from pg_stat_activity
			where application_name = 'kickoff feed' and datname = current_database() and query = 'select 1'
		`);
		return rows.length > 0;
	}

	test("and the database cannot be asked either, everything open is given up, and can be opened anew later", async () => {
		const alice = await sessionOf(await createUser());
		const { until } = watch(alice);
		await until("session");
		const exporting = await endOfSession(alice, async () => {});
		const stream = new Response(await sessionEvents(alice, new AbortController().signal)).text();
		await withoutDatabase(async () => {
			await until("lost");
			await eventually(() => exporting.signal.aborted).toBe(true);
			expect(await stream).not.toContain("event: ended");
		});
		await eventually(async () => {
			const again = watch(alice);
			await eventually(() => again.kinds().length).toBeGreaterThan(0);
			return again.kinds()[0];
		}).toBe("session");
	});
});

test("while the database is slow, whoever is watched and has changed is given up within a second, though others open", async () => {
	const slow = postgres(process.env.DATABASE_URL ?? "", { max: 1, onnotice: () => {} });
	const newcomer = await sessionOf(await createUser());
	const took: number[] = [];
	// At best, because the machine may be slow.
	for (let round = 0; round < 3; round++) {
		const alice = await sessionOf(await createUser({ role: "support" }));
		const { promise: given, resolve: give } = Promise.withResolvers<void>();
		const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
		releases.push(watchSession(alice, ({ kind }) => (kind === "lost" ? give() : begin())));
		await begun;
		await slow.begin(async (tx) => {
			await tx`lock table sessions in access exclusive mode`;
			releases.push(watchSession(newcomer, () => {}));
			// It has asked by then, and has no answer yet.
			await connectionsWait();
			const since = performance.now();
			await db.update(users).set({ role: "user" }).where(eq(users.id, alice.user.id));
			await given;
			took.push(performance.now() - since);
		});
	}
	expect(Math.min(...took)).toBeLessThan(1_000);
	await slow.end();
});

describe("the event stream", () => {
	test("is refused, and does not begin, when the session ended after its look-up", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const alice = await sessionOf(await createUser());
		await forceLogout(owner, [alice.id]);
		const refused = { code: "session-ended" };
		await expect(sessionEvents(alice, new AbortController().signal)).rejects.toMatchObject(refused);
	});

	test("is refused as unavailable when nobody can say whether the session lives", async () => {
		const alice = await sessionOf(await createUser());
		await withoutDatabase(async () => {
			const refused = { code: "unavailable" };
			await expect(sessionEvents(alice, new AbortController().signal)).rejects.toMatchObject(refused);
		});
	});

	test("holds nobody up whose client has gone before it began", async () => {
		const alice = await sessionOf(await createUser());
		const gone = new AbortController();
		const beginning = sessionEvents(alice, gone.signal);
		gone.abort();
		await beginning;
		await sessionEvents(alice, gone.signal);
	});

	test("tells console events only to those who may see the console, also after a change of role", async () => {
		const alice = await sessionOf(await createUser());
		const { next, close } = await readStream(alice);
		expect(await next()).toContain('"role":"user"');
		await sessionOf(await createUser());
		await db.update(users).set({ role: "support" }).where(eq(users.id, alice.user.id));
		expect(await next()).toContain('"role":"support"');
		await sessionOf(await createUser());
		expect(await next()).toBe("event: console\ndata: \n\n");
		await db.update(users).set({ role: "user" }).where(eq(users.id, alice.user.id));
		let last = await next();
		if (last.startsWith("event: console")) last = await next();
		expect(last).toContain('"role":"user"');
		close();
	});

	test("carries no token, no hash, and nobody else's data", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		await letProofAge(admin);
		const alice = await sessionOf(await createUser());
		const { next, close } = await readStream(admin);
		const first = await next();
		expect(JSON.parse(first.split("data: ")[1] ?? "")).toEqual({
			session: { id: admin.id },
			user: { id: admin.user.id, name: admin.user.name, email: admin.user.email, role: "admin" },
			impersonator: null,
		});
		await db.delete(sessions).where(eq(sessions.id, alice.id));
		expect(await next()).toBe("event: console\ndata: \n\n");
		close();
	});

	test("is closed when its reader takes nothing", async () => {
		const alice = await sessionOf(await createUser());
		const { identities, until } = watch(alice);
		await until("session");
		const reader = (await sessionEvents(alice, new AbortController().signal)).getReader();
		await reader.read();
		for (let count = 1; count <= 120; count++) {
			await db
				.update(users)
				.set({ name: `Alice ${count}` })
				.where(eq(users.id, alice.user.id));
			while (identities().length <= count) await new Promise(setImmediate);
		}
		let unread = 0;
		while (!(await reader.read()).done) unread++;
		expect(unread).toBeLessThan(120);
	});
});

/** Reads the events of a session's stream one by one. */
async function readStream(session: TestSession) {
	const gone = new AbortController();
	const reader = (await sessionEvents(session, gone.signal)).getReader();
	const next = async () => new TextDecoder().decode((await reader.read()).value);
	return { next, close: () => gone.abort() };
}

/** Runs `work` while the database of this file lets nobody new in; who is connected stays. */
async function withoutNewConnections(work: () => Promise<void>): Promise<void> {
	const name = new URL(process.env.DATABASE_URL ?? "").pathname.slice(1);
	const connection = postgres(inject("postgres").url, { max: 1, onnotice: () => {} });
	try {
		await connection`alter database ${connection(name)} allow_connections false`;
		await work();
	} finally {
		await connection`alter database ${connection(name)} allow_connections true`;
		await connection.end();
	}
}

/** A way to the database that can be frozen: then nothing gets through, and nobody says so. */
async function relay(to: string) {
	const { hostname, port } = new URL(to);
	const sockets = new Set<Socket>();
	let frozen = false;
	const server = createServer((client) => {
		const database = connect(Number(port), hostname);
		for (const [from, other] of [[client, database] as const, [database, client] as const]) {
			sockets.add(from);
			from.on("data", (data) => frozen || other.write(data));
			from.on("error", () => {});
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = new URL(to);
	url.hostname = "127.0.0.1";
	url.port = String((server.address() as AddressInfo).port);
	const stop = () => {
		server.close();
		for (const socket of sockets) socket.destroy();
	};
	const freeze = () => {
		frozen = true;
	};
	return { url: url.href, stop, freeze };
}
