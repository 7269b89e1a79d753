/** The nemesis: one fault after the other, chosen by chance, for as long as the clients work. */
import { setTimeout as wait } from "node:timers/promises";
import { Client, type Pool } from "pg";
import { Random } from "@/db/seed/random";
import { holdRows, patiently } from "./database";
import { type Fault, now } from "./history";
import { clientOperations } from "./operations";
import { createPerson, startSessionOf } from "./people";
import { anInstance, meansOf, use, type World } from "./world";

/** Each injects a fault and takes it back. It gives which instance alone was hit, if it was one. */
type Inject = (world: World, random: Random, fault: Fault) => Promise<void>;

const faults: Record<string, { weight: number; excusesStreams?: boolean; inject: Inject }> = {
	"instance frozen": {
		weight: 5,
		excusesStreams: true,
		inject: async ({ instances }, random, fault) => {
			const instance = anInstance({ instances }, random);
			fault.instance = instance;
			// Now and then for longer than an open transaction may idle: five seconds.
			const ms = random.chance(0.1) ? 6_500 : random.between(200, 2_500);
			instances.freeze(instance);
			await wait(ms);
			instances.thaw(instance);
		},
	},
	"instance killed": {
		weight: 2,
		excusesStreams: true,
		inject: async ({ instances }, random, fault) => {
			fault.instance = anInstance({ instances }, random);
			await instances.replace(fault.instance);
		},
	},
	"listeners cut off": {
		weight: 4,
		inject: ({ database }) => patiently(() => terminate(database.pool, "kickoff feed")),
	},
	"connections cut off": { weight: 3, inject: ({ database }) => patiently(() => terminate(database.pool, "kickoff%")) },
	"PostgreSQL restarted": {
		weight: 1,
		excusesStreams: true,
		inject: ({ database }) => database.restart("restart"),
	},
	"PostgreSQL crashed": { weight: 1, excusesStreams: true, inject: ({ database }) => database.restart("crash") },
	"pool run dry": {
		weight: 3,
		inject: async (world, random, fault) => {
			fault.instance = anInstance(world, random);
			await crowd(world, fault.instance, random.between(300, 1_500));
		},
	},
	"no connection left": {
		weight: 2,
		inject: async ({ database }, random) => {
			await takeAllConnections(database.url, random.between(300, 1_500));
		},
	},
};

/** Between two faults the system has time to be well: what holds then is part of the promise too. */
const REST_MS = [300, 2_500] as const;

/** Injects faults until the signal aborts, and takes the last one back. */
export async function torment(world: World, enough: AbortSignal, only?: string[]): Promise<void> {
	const random = new Random(world.seed);
	const chosen = Object.keys(faults).filter((name) => only?.includes(name) ?? true);
	while (!enough.aborted) {
		await wait(random.between(...REST_MS), undefined, { signal: enough }).catch(() => {});
		if (enough.aborted) return;
		const [name] = random.weighted(chosen.map((name) => [name, faults[name]?.weight ?? 0] as const));
		const fault: Fault = { name, excusesStreams: faults[name]?.excusesStreams, startMs: now(), endMs: Infinity };
		world.history.faults.push(fault);
		await faults[name]?.inject(world, random, fault);
		fault.endMs = now();
	}
}

/** Ends connections of the instances behind their backs. */
async function terminate(connection: Pool | Client, like: string): Promise<void> {
	const statement = "select pg_terminate_backend(pid) from pg_stat_activity where application_name like $1";
	await connection.query(statement, [like]);
}

/** So many writes wait for one row that none of the instance's connections is left for anyone else. */
async function crowd(world: World, instance: number, holdMs: number): Promise<void> {
	const write = clientOperations.find(({ name }) => name === "write");
	if (!write) return;
	const client = await startSessionOf(world.database, await createPerson(world.database, "user"));
	const release = await holdRows(world.database, "users", [client.person.id]);
	const writes = Array.from({ length: CROWD }, async () =>
		use(world, client, write, instance, world.signal, await write.ask(client, meansOf(world))),
	);
	await wait(holdMs);
	await release();
	await Promise.all(writes);
}

const CROWD = 12;

/** Connects until PostgreSQL has no connection left, and throws out the instances so that they have to ask for new ones. */
async function takeAllConnections(url: string, forMs: number): Promise<void> {
	const taken: Client[] = [];
	const take = async () => {
		const client = new Client({ connectionString: url, application_name: "nemesis" });
		client.on("error", () => {});
		await client.connect();
		taken.push(client);
	};
	const takeMany = () => Promise.allSettled(Array.from({ length: MAX_CONNECTIONS }, take));
	await takeMany();
	// By one of these: the checker's own pool would wait for a connection, and there is none.
	const [one] = taken;
	if (one) await terminate(one, "kickoff%").catch(() => {});
	await takeMany();
	await wait(forMs);
	await Promise.allSettled(taken.map((client) => client.end()));
}

/** More than PostgreSQL's default of `max_connections`, 100. */
const MAX_CONNECTIONS = 110;
