/**
 * The "cannot" twin of everything that can be done with a server action: for every lower role, a visitor, an ended
 * session, an impersonation and another site, with `proxy.ts` and without it. Judged by the database.
 */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { allows, type Permission, type Role, roles } from "@/lib/permissions/matrix";
import { actions } from "@/lib/permissions/surfaces";
import type { Person } from "@/lib/session/lookup";
import { abilities, withoutTwin } from "./abilities";
import { type RecordedAction, recordAction, replay } from "./actions";
import { expect, test } from "./fixtures";
import { createPerson, PASSWORD, type SignedIn, setRole, startImpersonation, startSessionOf } from "./people";
import { rowOf } from "./records";
import { appUrl, appWithoutProxyUrl, request, secondAppUrl } from "./request";

const guarded = Object.entries(actions).filter(
	(entry): entry is [string, Permission] => entry[1] !== "public" && entry[1] !== "signed-out",
);

test("every action that takes a permission has its ability here", () => {
	expect(guarded.map(([action]) => action).sort()).toEqual([...Object.keys(abilities), ...withoutTwin].sort());
});

for (const [action, permission] of guarded) {
	const ability = abilities[action];
	if (!ability) continue;

	test(`${action.split(" ")[1]} works for those with ${permission} and has no effect for anyone else`, async ({
		browserFor,
	}) => {
		const lowest = roles.find((role) => allows(role, permission)) as Role;
		const role = ability.actor ?? lowest;
		const actor = await startSessionOf(await createPerson({ role, password: PASSWORD }));
		const target = ability.target ? await startSessionOf(await createPerson({ role: ability.target })) : actor;
		for (let more = 1; more < (ability.sessions ?? 1); more++) await startSessionOf(target.user);

		const page = await browserFor(actor);
		await ability.prepare?.(page, target);
		const recorded = await recordAction(page, () => ability.perform(page, target));
		await page.close();

		const outsiders = await makeOutsiders(actor, permission, lowest);
		const before = await stateOf(target);
		for (const on of [appUrl(), appWithoutProxyUrl()]) {
			for (const [who, outsider] of Object.entries(outsiders)) {
				await replay(recorded, { as: outsider, on });
				expect(await stateOf(target), `${who} on ${on}`).toEqual(before);
			}
			for (const foreign of ["https://evil.example", "null", `${appUrl()}.evil.example`]) {
				await replay(recorded, { as: actor, on, headers: { Origin: foreign } });
				expect(await stateOf(target), `a request from ${foreign} on ${on}`).toEqual(before);
			}
		}
		if (ability.target) await refuseByRank(recorded, actor, target.user);
		await replay(recorded, { as: actor, on: secondAppUrl() });
		expect(await stateOf(target), `${role} with ${permission}`).not.toEqual(before);
	});
}

/** Nobody acts on someone of their own rank, and nobody any more once they were demoted. */
async function refuseByRank(recorded: RecordedAction, actor: SignedIn, target: Person): Promise<void> {
	for (const [person, role] of [[target, actor.user.role] as const, [actor.user, "user"] as const]) {
		await setRole(person, role);
		const before = await stateOf({ user: target });
		await replay(recorded, { as: actor });
		expect(await stateOf({ user: target }), `${person.name} is ${role}`).toEqual(before);
		await setRole(person, person.role);
	}
}

/** People who may not, each with a cookie that is as good as theirs gets. */
async function makeOutsiders(actor: SignedIn, permission: Permission, lowest: Role) {
	const outsiders: Record<string, Pick<SignedIn, "cookie"> | null> = { "a visitor": null };
	for (const role of roles.slice(0, roles.indexOf(lowest))) {
		outsiders[`a ${role}`] = await startSessionOf(await createPerson({ role }));
	}
	const ended = await startSessionOf(actor.user);
	await request("/sign-out", { as: ended, method: "POST" });
	outsiders["an ended session"] = ended;
	if (!allows(lowest, permission, true)) {
		const above = await startSessionOf(await createPerson({ role: "owner" }));
		outsiders["an owner who impersonates them"] = await startImpersonation(actor.user, above);
	}
	return outsiders;
}

/** All of the person that an action could have changed. */
async function stateOf({ user }: Pick<SignedIn, "user">) {
	const columns = { id: sessions.id, tokenHash: sessions.tokenHash };
	return {
		row: await rowOf(user),
		sessions: await db.select(columns).from(sessions).where(eq(sessions.userId, user.id)).orderBy(sessions.id),
	};
}
