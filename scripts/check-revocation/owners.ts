/** The duel: two owners, the last two, demote each other at the same moment. One of them must stay. */
import { setTimeout as wait } from "node:timers/promises";
import { type Database, holdRows, patiently } from "./database";
import type { Operation } from "./history";
import { type Client, signIn } from "./people";
import { perform, type World } from "./world";

const HOLD_MS = 60;

/** Holds so many duels. Afterwards nobody who was owner before is one. */
export async function duel(world: Omit<World, "staff">, rounds: number): Promise<void> {
	await demoteAll(world.database);
	for (let round = 0; round < rounds && !world.signal.aborted; round++) {
		const [one] = (await signIn(world.database, "owner")) as [Client];
		const [other] = (await signIn(world.database, "owner")) as [Client];
		// Both have arrived, and wait for the same rows, when these are let go.
		const release = await holdRows(world.database, "users", [one.person.id, other.person.id]);
		const demotions = [demote(world, one, other, round), demote(world, other, one, round + 1)];
		await wait(HOLD_MS);
		await release();
		const operations = await Promise.all(demotions);
		if (!operations.some(({ outcome }) => outcome === "served")) throw new Error("neither owner demoted the other");
		world.history.duels.push({ operations, ownersLeft: await countOwners(world.database) });
		await demoteAll(world.database);
	}
}

async function demote(world: Omit<World, "staff">, by: Client, whom: Client, turn: number): Promise<Operation> {
	const instance = turn % world.instances.urls.length;
	const revokes = { sessions: [], demoted: [whom.session] };
	const waitsFor = "the checker" as const;
	const known = { name: "demote an owner", session: by.session, instance, privileged: true, revokes, waitsFor };
	const ask = { method: "PATCH", path: `/api/admin/users/${whom.person.id}`, body: { role: "admin" } };
	return (await perform(world, known, ask, by, '"role":"admin"')).operation;
}

async function countOwners({ pool }: Database): Promise<number> {
	const { rowCount } = await patiently(() =>
		pool.query("select from users where role = 'owner' and suspended_at is null"),
	);
	return rowCount ?? 0;
}

async function demoteAll({ pool }: Database): Promise<void> {
	await patiently(() => pool.query("update users set role = 'user' where role = 'owner'"));
}
