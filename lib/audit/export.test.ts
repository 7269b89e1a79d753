import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { db } from "@/db/client";
import { auditEvents, users } from "@/db/schema";
import { forceLogout } from "@/lib/admin/force-logout";
import { changeRole } from "@/lib/admin/roles";
import { log } from "@/lib/log";
import { watchSession } from "@/lib/session/feed";
import { createUser, sessionOf, type TestSession } from "@/lib/testing/people";
import { exportAuditLog } from "./export";
import { type AuditFilter, listAuditEvents } from "./list";

const ROWS = 10_000;
const many = "198.51.100.10";
const strange = "198.51.100.20";

const download = async (session: TestSession, filter: AuditFilter, gone = new AbortController().signal) =>
	new Response(await exportAuditLog(session, session.tokens, filter, gone));

let owner: TestSession;
let admin: TestSession;

beforeAll(async () => {
	owner = await sessionOf(await createUser({ role: "owner" }));
	admin = await sessionOf(await createUser({ role: "admin", name: "Amir" }));
	const events = Array.from({ length: ROWS }, (_, index) => ({
		action: "session.started",
		actorLabel: "Somebody",
		reason: `number ${index}`,
		ip: many,
	}));
	for (let start = 0; start < ROWS; start += 1_000)
		await db.insert(auditEvents).values(events.slice(start, start + 1_000));
});

describe("the export", () => {
	test("has every event that matches, newest first", async () => {
		const response = await download(admin, { ip: many });
		const [head, ...lines] = (await response.text()).trimEnd().split("\r\n");
		expect(head).toMatch(/^id,occurred_at,action,actor_id,actor,/);
		const numbers = lines.map((line) => Number(/,number (\d+),/.exec(line)?.[1]));
		expect(numbers).toEqual(Array.from({ length: ROWS }, (_, index) => ROWS - 1 - index));
	});

	test("is read from the database as slowly as it is taken, a part at a time", async () => {
		const response = await download(admin, { ip: many });
		const sizes: number[] = [];
		for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
			sizes.push(chunk.length);
		}
		expect(sizes.length).toBeGreaterThan(5);
		expect(Math.max(...sizes)).toBeLessThan(sizes.reduce((sum, size) => sum + size, 0) / 5);
	});

	test("is an event itself, with the filter that was asked for", async () => {
		const filter: AuditFilter = { ip: "203.0.113.0/24", what: "sign_in.failed" };
		await (await download(admin, filter)).text();
		const [event] = (await listAuditEvents({ what: "audit.exported", who: admin.user.id })).rows;
		expect(event?.detail).toEqual({ filter });
	});

	test("is refused to support, who leave no trace of it", async () => {
		const support = await sessionOf(await createUser({ role: "support" }));
		await expect(download(support, {})).rejects.toMatchObject({ code: "forbidden" });
		expect((await listAuditEvents({ what: "audit.exported", who: support.user.id })).rows).toEqual([]);
	});

	test("never lets a spreadsheet run what somebody wrote", async () => {
		const formulas = ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "＝1"];
		const events = formulas.map((reason) => ({
			action: "x",
			actorLabel: `${reason} <x@example.com>`,
			reason,
			ip: strange,
		}));
		await db.insert(auditEvents).values(events);
		const text = await (await download(admin, { ip: strange })).text();
		for (const formula of formulas) {
			expect(text).not.toContain(`,${formula}`);
			expect(text).not.toContain(`,"${formula}`);
			expect(text, "the value is still there, behind an apostrophe").toContain(`'${formula}`);
		}
	});

	test("keeps commas, quotes, lines and signs of all languages in their cell", async () => {
		const reason = 'She said "no", twice.\r\nThen 王小明 said: sí';
		await db.insert(auditEvents).values({ action: "x", actorLabel: "visitor", reason, ip: "198.51.100.30" });
		const text = await (await download(admin, { ip: "198.51.100.30" })).text();
		expect(text).toContain(`"${reason.replaceAll('"', '""')}"`);
	});
});

describe("the export stops", () => {
	/** Takes the head and the first rows, and lets something happen. The rest then fails to arrive. */
	async function interrupted(session: TestSession, happen: () => Promise<unknown>): Promise<number> {
		const reader = (await download(session, { ip: many })).body?.getReader();
		if (!reader) throw new Error("no body");
		const decoder = new TextDecoder();
		let text = "";
		const take = async () => {
			const { value, done } = await reader.read();
			text += decoder.decode(value, { stream: true });
			return done;
		};
		await take();
		await take();
		await happen();
		await expect(
			(async () => {
				while (!(await take()));
			})(),
		).rejects.toThrow();
		return text.split("\r\n").length;
	}

	test.each(["before it began", "before anything was taken"])(
		"without a word when its reader has gone %s, and then nothing waits for the end of the session any more",
		async (when) => {
			const session = await sessionOf(admin.user);
			const reader = new AbortController();
			if (when === "before it began") reader.abort();
			await download(session, { ip: many }, reader.signal);
			reader.abort();
			const warned = vi.spyOn(log, "warn");
			// Whoever began to watch later hears of it later.
			const ended = new Promise<void>((resolve) => watchSession(session, ({ kind }) => kind === "ended" && resolve()));
			await forceLogout(owner, [session.id]);
			await ended;
			expect(warned).not.toHaveBeenCalled();
			warned.mockRestore();
		},
	);

	test("when its session is forced out", async () => {
		const session = await sessionOf(admin.user);
		const lines = await interrupted(session, () => forceLogout(owner, [session.id]));
		expect(lines).toBeLessThan(ROWS / 2);
	});

	test("by itself when its person may no longer export, also while nobody takes anything from it", async () => {
		const person = await createUser({ role: "admin" });
		const response = await download(await sessionOf(person), { ip: many });
		const reader = response.body?.getReader();
		await reader?.read();
		await changeRole(owner, person.id, "support");
		// Nothing is read: the stream breaks off, and so does whoever holds it open.
		await expect(reader?.closed).rejects.toMatchObject({ code: "forbidden" });
	});

	test("when its person may no longer export", async () => {
		const person = await createUser({ role: "admin" });
		const demote = () => db.update(users).set({ role: "support" }).where(eq(users.id, person.id));
		expect(await interrupted(await sessionOf(person), demote)).toBeLessThan(ROWS / 2);
	});
});
