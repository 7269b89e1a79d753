import { eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { beforeEach, describe, expect, test } from "vitest";
import { connections, db } from "@/db/client";
import { auditEvents, sessions } from "@/db/schema";
import type { AuditAction } from "@/lib/audit/actions";
import { signOut } from "@/lib/session/own";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { forceLogout, forceLogoutEverywhere } from "./force-logout";
import { OVERVIEW_DAYS, readOverview } from "./overview";

const MILLISECONDS_PER_DAY = 86_400_000;
const today = async () => (await readOverview()).days.at(-1);

let owner: TestSession;

beforeEach(async () => {
	await connections.query("delete from sessions");
	await connections.query("delete from ended_sessions");
	owner = await sessionOf(await createUser({ role: "owner" }));
});

/** Writes an event as if it had happened so many days ago. */
async function happened(action: AuditAction, daysAgo: number): Promise<void> {
	const occurredAt = new Date(Date.now() - daysAgo * MILLISECONDS_PER_DAY);
	const id = uuidv7({ msecs: occurredAt.getTime() });
	await db.insert(auditEvents).values({ id, occurredAt, action, actorLabel: "visitor" });
}

describe("the overview counts", () => {
	test("live sessions, without those past their limit, and who has them", async () => {
		await sessionOf(await createUser({ role: "admin" }));
		const alice = await createUser();
		await sessionOf(alice);
		await impersonationOf(alice, owner);
		const expired = await sessionOf(alice);
		await db.update(sessions).set({ expiresAt: new Date() }).where(eq(sessions.id, expired.id));

		const { liveSessions, impersonations, sessionsByRole } = await readOverview();
		expect({ liveSessions, impersonations }).toEqual({ liveSessions: 4, impersonations: 1 });
		expect(sessionsByRole).toEqual([
			{ role: "owner", count: 1 },
			{ role: "admin", count: 1 },
			{ role: "support", count: 0 },
			{ role: "user", count: 1 },
		]);
	});

	test("people who were here today, each once, also if they are gone again", async () => {
		const [alice, bob, carol] = [await createUser(), await createUser(), await createUser()];
		await sessionOf(alice);
		await signOut(await sessionOf(alice));
		await signOut(await sessionOf(bob));
		const yesterday = new Date(Date.now() - MILLISECONDS_PER_DAY);
		const seenYesterday = { lastSeenAt: yesterday, lastSeenOn: yesterday.toISOString().slice(0, 10) };
		const away = await sessionOf(carol);
		await db.update(sessions).set(seenYesterday).where(eq(sessions.id, away.id));
		expect((await readOverview()).peopleActiveToday, "the owner, Alice and Bob").toBe(3);

		await forceLogout(owner, [away.id]);
		expect((await readOverview()).peopleActiveToday, "ending Carol's session is no act of hers").toBe(3);
	});

	test("nobody as active who was only impersonated", async () => {
		const impersonation = await impersonationOf(await createUser(), owner);
		expect((await readOverview()).peopleActiveToday).toBe(1);
		await forceLogoutEverywhere(owner, impersonation.user.id);
		expect((await readOverview()).peopleActiveToday).toBe(1);
	});

	test("sessions that were forced out, and no others", async () => {
		const alice = await createUser();
		await sessionOf(alice);
		await sessionOf(alice);
		await signOut(await sessionOf(alice));
		expect((await today())?.forcedLogouts).toBe(0);
		await forceLogoutEverywhere(owner, alice.id);
		expect((await today())?.forcedLogouts).toBe(2);
	});

	test("sign-ins and failed ones on their days, the last fourteen of them", async () => {
		const before = await readOverview();
		for (const daysAgo of [0, 0, 1, OVERVIEW_DAYS - 1, OVERVIEW_DAYS]) await happened("session.started", daysAgo);
		await happened("sign_in.failed", 1);
		const { days } = await readOverview();
		expect(days).toHaveLength(OVERVIEW_DAYS);
		const added = days.map((day, index) => day.signIns - (before.days[index]?.signIns ?? 0));
		expect(added).toEqual([1, ...Array(OVERVIEW_DAYS - 3).fill(0), 1, 2]);
		expect(days.at(-2)?.failedSignIns).toBe(1);
		expect(days.at(-1)?.failedSignIns).toBe(0);
		const steps = days.slice(1).map((day, index) => day.at.getTime() - (days[index]?.at.getTime() ?? 0));
		expect(new Set(steps)).toEqual(new Set([MILLISECONDS_PER_DAY]));
		expect(days.at(-1)?.at.toISOString()).toMatch(/T00:00:00\.000Z$/);
	});
});
