/** Everything that a server action can do, and its "cannot" twins: see twins.ts. */
import type { Permission } from "@/lib/permissions/matrix";
import { actions } from "@/lib/permissions/surfaces";
import { abilities, withoutTwin } from "./abilities";
import { recordAction, replay } from "./actions";
import { expect, test } from "./fixtures";
import { createPerson, PASSWORD, startSessionOf } from "./people";
import { expectOnlyAllowed, lowestRoleWith } from "./twins";

const guarded = Object.entries(actions).filter(
	(entry): entry is [string, Permission] => entry[1] !== "public" && entry[1] !== "signed-out",
);

test("every action that takes a permission has its twins", () => {
	expect(guarded.map(([action]) => action).sort()).toEqual([...Object.keys(abilities), ...withoutTwin].sort());
});

for (const [action, permission] of guarded) {
	const ability = abilities[action];
	if (!ability) continue;

	test(`${action.split(" ")[1]} works for those with ${permission} and does nothing for anyone else`, async ({
		browserFor,
	}) => {
		const actor = await startSessionOf(await createPerson({ role: lowestRoleWith(permission), password: PASSWORD }));
		const target = ability.target ? await startSessionOf(await createPerson({ role: ability.target })) : actor;
		for (let more = 1; more < (ability.sessions ?? 1); more++) await startSessionOf(target.user);

		const page = await browserFor(actor);
		await ability.prepare?.(target);
		const recorded = await recordAction(page, () => ability.perform(page, target));
		await page.close();

		await expectOnlyAllowed({ send: (from) => replay(recorded, from), permission, actor, target: target.user });
	});
}
