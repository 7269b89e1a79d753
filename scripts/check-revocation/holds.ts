/**
 * Holds: somebody keeps a row locked, so that one transaction stops in its middle and the other comes in between. Without
 * them the two would have to meet within a millisecond.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Random } from "@/db/seed/random";
import type { Cast } from "./cast";
import { holdRows } from "./database";
import { type ClientOperation, clientOperations, mayDo } from "./operations";
import type { Client } from "./people";
import { anInstance, meansOf, use, type World } from "./world";

const HOLD_MS = [60, 500] as const;
const TO_GET_THERE_MS = 40;

/** Revokes while a write of a client waits, in the middle of its transaction, for a row that somebody holds. */
export async function whileWriteIsHeld(
	world: World,
	cast: Cast,
	random: Random,
	revoke: (writer: Client) => Promise<unknown>,
): Promise<void> {
	const { client, row, send } = await aWrite(world, cast, random);
	const release = await holdRows(world.database, row.table, [row.id]);
	const written = send();
	await wait(TO_GET_THERE_MS);
	const revoked = revoke(client);
	await wait(random.between(...HOLD_MS));
	await release();
	await Promise.all([written, revoked]);
}

/** Writes while the revocation waits, in the middle of its transaction, for the row of the session that revokes. */
export async function whileRevocationIsHeld(
	world: World,
	cast: Cast,
	by: Client,
	random: Random,
	revoke: () => Promise<unknown>,
): Promise<void> {
	const { send } = await aWrite(world, cast, random);
	const release = await holdRows(world.database, "sessions", [by.session]);
	const revoked = revoke();
	await wait(TO_GET_THERE_MS);
	const written = send();
	await wait(random.between(...HOLD_MS));
	await release();
	await Promise.all([written, revoked]);
}

/** A write that one of them is about to send, and the row that it is going to change. */
async function aWrite(world: World, { clients }: Cast, random: Random) {
	const writeOf = (client: Client) => clientOperations.findLast((one) => one.changes && mayDo(client, one));
	const client = random.pick(clients.filter(writeOf));
	const write = writeOf(client) as ClientOperation;
	const what = await write.ask(client, meansOf(world));
	const row = write.changes?.(client, what) ?? { table: "users" as const, id: client.person.id };
	const instance = anInstance(world, random);
	return { client, row, send: () => use(world, client, write, instance, world.signal, what) };
}
