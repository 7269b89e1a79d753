/**
 * A life: some people get sessions, clients use them, somebody takes them away, and the clients go on trying. Many lives
 * go on at the same time. Chance decides everything, and falls the same way for the same seed.
 */
import { setTimeout as wait } from "node:timers/promises";
import { Random } from "@/db/seed/random";
import { type Kind, makeCast } from "./cast";
import { now, type Operation, type Revokes, takesFrom } from "./history";
import { whileRevocationIsHeld, whileWriteIsHeld } from "./holds";
import { clientOperations, mayDo } from "./operations";
import type { Client } from "./people";
import { type Plan, ways } from "./revocations";
import { streamDeadline } from "./violations";
import { anInstance, meansOf, perform, use, type World } from "./world";

export interface Schedule {
	/** How often each kind of life is chosen. */
	kinds: Partial<Record<Kind, number>>;
	/** The names of the ways to revoke; all, if left out. */
	ways?: string[];
	/** How often a row is held that writes need. */
	holds: number;
}

export const EVERYTHING: Schedule = { kinds: { user: 10, support: 5, impersonation: 4, exporter: 1 }, holds: 0.25 };

/** Lives one life after the other, so many at a time, until the history is so long. */
export async function liveUntil(world: World, schedule: Schedule, clients: number, operations: number): Promise<void> {
	const liveOn = async () => {
		while (world.history.operations.length < operations && !world.signal.aborted)
			await live(world, schedule, world.lives++);
	};
	await Promise.all(Array.from({ length: clients }, liveOn));
}

const OPERATIONS_BEFORE = [4, 16] as const;
const OPERATIONS_AFTER = [6, 14] as const;
const PAUSE_MOST_MS = 10;
const SECOND_WAY = 0.15;

async function live(world: World, schedule: Schedule, index: number): Promise<void> {
	const random = new Random(world.seed * 1_000_003 + index);
	const kind = random.weighted(Object.entries(schedule.kinds))[0] as Kind;
	const cast = await makeCast(world, kind, random);
	const life: Life = { first: world.history.operations.length, revoked: false, over: new AbortController() };

	const everyone = cast.admin ? [...cast.clients, cast.admin] : cast.clients;
	const uses = everyone.map((client) => useOften(world, client, life, new Random(random.whole(1, 2 ** 30))));
	await Promise.all(uses.map(({ warm }) => warm));
	const possible = ways.filter((way) => way.on.includes(kind) && (schedule.ways?.includes(way.name) ?? true));
	const chosen = [random.pick(possible), ...(random.chance(SECOND_WAY) ? [random.pick(possible)] : [])];
	const acts = chosen.map(({ name, plan }) => ({ name, ...plan(cast, random, meansOf(world)) }));
	const revoke = (waitsFor: (act: Plan) => Operation["waitsFor"]) =>
		Promise.all(acts.map((act) => revokeBy(world, act, waitsFor(act), random)));
	if (!random.chance(schedule.holds)) await revoke(() => undefined);
	else if (random.chance(0.5)) {
		const behind = ({ session }: Client) =>
			revoke(({ revokes }) => (takesFrom(session, revokes) ? "a write" : undefined));
		await whileWriteIsHeld(world, cast, random, behind);
	} else {
		const { by } = acts[0] as Plan;
		const behind = () => revoke((act) => (act.by === by ? "the checker" : undefined));
		await whileRevocationIsHeld(world, cast, by, random, behind);
	}
	life.revoked = true;
	await Promise.all(uses.map(({ done }) => done));
	await streamsWatched(world, life.first);
	life.over.abort();
}

interface Life {
	/** Where it begins in the history. */
	first: number;
	revoked: boolean;
	/** Aborts when nobody needs to look at its streams any more. */
	over: AbortController;
}

/** Uses the session until it is revoked, and some more. `warm` resolves when it may be revoked. */
function useOften(
	world: World,
	client: Client,
	life: Life,
	random: Random,
): { warm: Promise<void>; done: Promise<void> } {
	const [before, after] = [random.whole(...OPERATIONS_BEFORE), random.whole(...OPERATIONS_AFTER)];
	const { promise: warm, resolve } = Promise.withResolvers<void>();
	const goOn = async () => {
		let isWatching = false;
		for (let done = 0, left: number = after; left > 0 && !world.signal.aborted; done++) {
			if (done === before) resolve();
			if (life.revoked) left--;
			const possible = clientOperations.filter((one) => mayDo(client, one));
			if (possible.length === 0) {
				await wait(PAUSE_MOST_MS);
				continue;
			}
			const [operation] = random.weighted(possible.map((one) => [one, one.weight]));
			const instance = anInstance(world, random);
			if (operation.streams && !isWatching) {
				isWatching = true;
				use(world, client, operation, instance, life.over.signal).finally(() => {
					isWatching = false;
				});
			} else if (!operation.streams) {
				await use(world, client, operation, instance, life.over.signal);
			}
			await wait(random.between(0, PAUSE_MOST_MS));
		}
		resolve();
	};
	return { warm, done: goOn() };
}

const ATTEMPTS = 10;
const BETWEEN_ATTEMPTS_MS = 200;

/** How most revocations are answered. */
const EMPTY_OR_JSON = /^(\{|$)/;

/** Revokes; tries again on another instance while there is no answer. */
async function revokeBy(
	world: World,
	act: Plan & { name: string },
	waitsFor: Operation["waitsFor"],
	random: Random,
): Promise<void> {
	const { name, by, ask, revokes, proof = EMPTY_OR_JSON } = act;
	for (let attempt = 0; attempt < ATTEMPTS && !world.signal.aborted; attempt++) {
		const instance = anInstance(world, random);
		const waits = attempt === 0 ? waitsFor : undefined;
		const known = { name, session: by.session, instance, revokes, public: act.public, waitsFor: waits };
		const { operation, answer } = await perform(world, known, ask, by, proof);
		const isUnavailable = !answer || answer.status >= 500 || answer.text.includes('"code":"unavailable"');
		if (operation.outcome !== "failed" || !isUnavailable) return;
		await wait(BETWEEN_ATTEMPTS_MS);
	}
}

/** How much longer than it may stay open we look at a stream. */
const MARGIN_MS = 300;
const LOOK_EVERY_MS = 50;

/** Waits until every stream of a session that lost something has closed, or has been open for too long. */
async function streamsWatched({ history, signal }: World, first: number): Promise<void> {
	while (!signal.aborted) {
		const lived = history.operations.slice(first);
		const waiting = lived.some(({ session, stream, instance }) => {
			const by = lived.find(({ outcome, revokes }) => outcome === "served" && endsStreamsOf(session, revokes));
			if (!stream?.open || !by) return false;
			return now() < streamDeadline(by.endMs, instance, history.faults) + MARGIN_MS;
		});
		if (!waiting) return;
		await wait(LOOK_EVERY_MS);
	}
}

const endsStreamsOf = (session: string, revokes: Revokes | undefined) =>
	revokes?.sessions.includes(session) || revokes?.demoted.includes(session);
