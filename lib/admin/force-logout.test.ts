import { inArray } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents } from "@/db/schema";
import { createUser, sessionOf } from "@/lib/testing/people";
import { forceLogout } from "./force-logout";

test("the trail of each person says how many of their sessions were ended together with others', and names none of those", async () => {
	const support = await sessionOf(await createUser({ role: "support" }));
	const people = await Promise.all([1, 2, 3].map(async () => sessionOf(await createUser())));
	const ids = people.map(({ id }) => id);
	expect(await forceLogout(support, ids)).toBe(3);
	const targets = people.map(({ user }) => user.id);
	const events = await db.select().from(auditEvents).where(inArray(auditEvents.targetId, targets));
	expect(events.map(({ detail }) => detail)).toEqual([1, 2, 3].map(() => ({ chosen: 3, count: 1 })));
});
