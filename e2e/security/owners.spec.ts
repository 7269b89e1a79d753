/**
 * Two owners who take each other's place away at once, by every path that there is, on two instances: one is always left
 * who can act. It needs a database without any other owner, so it runs after the other tests, alone.
 */
import type { Page } from "@playwright/test";
import { and, eq, exists, not } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { changeRole } from "@/lib/admin/roles";
import { suspend } from "@/lib/admin/suspension";
import { isLive, isSuspended } from "@/lib/session/live";
import { abilities } from "../abilities";
import { instead, recordAction, replay } from "../actions";
import { expect, test } from "../fixtures";
import { createPerson, type SignedIn, startSessionOf } from "../people";
import { request } from "../request";
import { play } from "./rounds";

test.describe.configure({ timeout: 240_000 });

/** How one owner takes the other's place away. */
type Path = (by: SignedIn, victim: SignedIn, on: string) => Promise<unknown>;

const JSON_TYPE = { "Content-Type": "application/json" };
const operator = { operator: "command line (tests)" };
const reason = "A test";

const overTheApi: Record<string, Path> = {
	"a new role": (as, { user }, on) => send("PATCH", `/api/admin/users/${user.id}`, { role: "user" }, as, on),
	"a suspension": (as, { user }, on) =>
		send("PATCH", `/api/admin/users/${user.id}`, { status: "suspended", reason }, as, on),
	"an off-boarding": (as, { user }, on) => send("POST", `/api/admin/users/${user.id}/offboarding`, { reason }, as, on),
};

/** What the commands call. It ranks with owners and locks only whom it acts on. */
const onTheCommandLine: Record<string, Path> = {
	"a role from the command line": (_by, { user }) => changeRole(operator, user.id, "user").catch(() => {}),
	"a suspension from the command line": (_by, { user }) => suspend(operator, user.id, { reason }).catch(() => {}),
};

test("of two owners who demote, suspend or off-board each other at once, one is left who can act", async ({
	signedInAs,
}) => {
	const paths = Object.entries({ ...overTheApi, ...onTheCommandLine, ...(await recordActions(signedInAs)) });
	const lost = new Set<string>();
	await play(
		async ({ number, here, there }) => {
			await db.update(users).set({ role: "user" }).where(eq(users.role, "owner"));
			const [one, other] = [await newOwner(), await newOwner()];
			const [what, path] = paths[number % paths.length] as (typeof paths)[number];
			const [against, counter] = paths[Math.floor(number / paths.length) % paths.length] as (typeof paths)[number];
			await Promise.all([path(one, other, here), counter(other, one, there)]);

			const left = await ownersWhoCanAct();
			expect(left, `round ${number}: ${what} against ${against}`).toHaveLength(1);
			lost.add(left[0] === one.user.id ? "the other" : "the one");
		},
		{ atATime: 1 },
	);
	expect([...lost].sort(), "either won now and then").toEqual(["the one", "the other"]);
});

const newOwner = async () => startSessionOf(await createPerson({ role: "owner" }));

/** Not suspended, and signed in. */
async function ownersWhoCanAct(): Promise<string[]> {
	const signedIn = db
		.select({ id: sessions.id })
		.from(sessions)
		.where(and(eq(sessions.userId, users.id), isLive()));
	const rows = await db
		.select({ id: users.id })
		.from(users)
		.where(and(eq(users.role, "owner"), not(isSuspended()), exists(signedIn)));
	return rows.map(({ id }) => id);
}

async function send(method: string, path: string, body: unknown, as: SignedIn, on: string): Promise<void> {
	const answer = await request(path, { as, method, headers: JSON_TYPE, body: JSON.stringify(body), on });
	expect([200, 401, 403, 404, 409], `${method} ${path}: ${await answer.text()}`).toContain(answer.status);
}

/** The console's own ways, as its pages send them. */
async function recordActions(signedInAs: (role: "owner") => Promise<{ page: Page }>) {
	const { page } = await signedInAs("owner");
	const sample = await startSessionOf(await createPerson());
	const recorded: Record<string, Path> = {};
	for (const name of ["changeRoleAction", "suspendAction", "offboardAction"]) {
		const ability = abilities[`app/admin/users/[id]/actions.ts ${name}`];
		const action = await recordAction(page, async () => ability?.perform(page, sample));
		recorded[name] = (as, { user }, on) => replay(instead(action, sample.user.id, user.id), { as, on });
	}
	await page.close();
	return recorded;
}
