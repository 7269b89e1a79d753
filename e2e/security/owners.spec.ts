/**
 * Two owners who take each other's place away at once, by every path that there is, on two instances: one is always left
 * who can act. It needs a database without any other owner, so it runs after the other tests, alone.
 */
import { and, eq, exists, inArray, not, or, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { changeRole } from "@/lib/admin/roles";
import { suspend } from "@/lib/admin/suspension";
import { isLive, isSuspended } from "@/lib/session/live";
import { expect, test } from "../fixtures";
import { createPeople, type SignedIn, startSessionsOf } from "../people";
import { request } from "../request";
import { actionId } from "./built";
import { Meeting, play, ROUNDS } from "./rounds";
import { sendAction } from "./send-action";

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
	"a deletion": (as, { user }, on) => send("POST", `/api/admin/users/${user.id}/deletion`, { reason }, as, on),
	"their own deletion": (_by, victim, on) =>
		send("POST", "/api/account/deletion", { email: victim.user.email }, victim, on),
};

const inTheConsole: Record<string, Path> = {
	changeRoleAction: (as, { user }, on) => act("changeRoleAction", { userId: user.id, role: "user" }, as, on),
	suspendAction: (as, { user }, on) => act("suspendAction", { userId: user.id, reason }, as, on),
	offboardAction: (as, { user }, on) => act("offboardAction", { userId: user.id, reason }, as, on),
	deleteUserAction: (as, { user }, on) => act("deleteUserAction", { userId: user.id, reason }, as, on),
};

/** What the commands call. It ranks with owners and locks only whom it acts on. None deletes anybody. */
const onTheCommandLine: Record<string, Path> = {
	"a role from the command line": (_by, { user }) => changeRole(operator, user.id, "user").catch(() => {}),
	"a suspension from the command line": (_by, { user }) => suspend(operator, user.id, { reason }).catch(() => {}),
};

/** Every path against every path, the same one included: that each of them works at all shows there. */
const paths = Object.entries({ ...overTheApi, ...inTheConsole, ...onTheCommandLine });
const pairs = paths.flatMap((path) => paths.map((counter) => [path, counter] as const));

type Pair = (typeof pairs)[number];

test("of two owners who demote, suspend, off-board or delete each other or themselves at once, one is left who can act", async () => {
	const signedIn = await startSessionsOf(await createPeople(2 * ROUNDS));
	const meeting = new Meeting();
	const lost = new Set<string>();
	await play(
		async ({ number, here, there }) => {
			const [one, other] = signedIn.slice(2 * number) as [SignedIn, SignedIn];
			const [[what, path], [against, counter]] = pairs[number % pairs.length] as Pair;
			await makeTheOnlyOwners(one, other);
			await meeting.of(
				() => path(one, other, here),
				() => counter(other, one, there),
			);

			const left = await ownersWhoCanAct();
			expect(left, `round ${number}: ${what} against ${against}`).toHaveLength(1);
			lost.add(left[0] === one.user.id ? "the other" : "the one");
		},
		{ atATime: 1, swapAfter: pairs.length },
	);
	expect([...lost].sort(), "either won now and then").toEqual(["the one", "the other"]);
});

async function makeTheOnlyOwners(...owners: SignedIn[]): Promise<void> {
	const chosen = inArray(
		users.id,
		owners.map(({ user }) => user.id),
	);
	const role = sql`(case when ${chosen} then 'owner' else 'user' end)::user_role`;
	await db
		.update(users)
		.set({ role })
		.where(or(chosen, eq(users.role, "owner")));
}

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

/** The same by an action of the console; one that goes on to another page gives no code. */
async function act(name: string, fields: Record<string, string>, as: SignedIn, on: string): Promise<void> {
	const { code, text } = await sendAction(actionId(name), fields, { as, on, path: `/admin/users/${fields.userId}` });
	expect(["ok", null, "session-ended", "forbidden", "not-found", "conflict"], `${name}: ${text}`).toContain(code);
}
