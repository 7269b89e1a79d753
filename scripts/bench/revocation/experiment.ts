/** The experiment behind `npm run bench:revocation`, on the database that the environment names. */
import { v7 as uuidv7 } from "uuid";
import { db, connections as productConnections } from "@/db/client";
import { freePort } from "@/db/embedded-server";
import { users } from "@/db/schema";
import type { Launch } from "../../launch";
import { build, type Server, start } from "../fixture";
import { type Load, sendRequests, sendRequestsFor } from "../load";
import { orderOf } from "../turns";
import { KICKOFF } from "../variants";
import { closeTables, createTables } from "./app/schemes/tables";
import type { Finding } from "./report";
import { type SubjectName, subjectNames, subjects } from "./subjects";
import { Browser, watchRevocation } from "./watch";

const WARM_UP_REQUESTS = 1_000;
const CONNECTIONS = 20;
const LOADED_PEOPLE = 100;
/** How much longer than the short-lived tokens are good for we go on asking. */
const MARGIN_SECONDS = 10;
/** How much longer than a turn a token has to be good for when the turn begins. */
const TURN_MARGIN_SECONDS = 2;

export interface Settings {
	/** How many seconds a short-lived token is good for. */
	lifetime: number;
	/** How many people each scheme puts out. */
	browsers: number;
	/** How long a scheme's turn under load takes. */
	seconds: number;
	rounds: number;
}

interface Running {
	name: SubjectName;
	url: string;
	server: Server;
}

/** Builds and starts every scheme, puts its people out, and then puts it under load. All of it is gone at the end. */
export async function experiment(
	settings: Settings,
	environment: Record<string, string> & { APP_URL: string },
	run: Launch,
): Promise<Finding[]> {
	run.onExit(closeTables);
	run.onExit(() => productConnections.end());
	await createTables();
	await build("kickoff", KICKOFF, run);
	await build("schemes", ["scripts/bench/revocation/app"], run);
	const running: Running[] = [];
	for (const name of subjectNames) {
		const address = name === "kickoff" ? environment.APP_URL : `http://127.0.0.1:${await freePort()}`;
		const variant = name === "kickoff" ? "kickoff" : "schemes";
		running.push({ name, url: address, server: await start(variant, address, { ...environment, SCHEME: name }, run) });
	}
	// Or the first refusals would tell how long a server takes to get going.
	for (const one of running) await sendRequests(await loadOn(one, run), WARM_UP_REQUESTS);
	const watched = await Promise.all(running.map((one) => watch(one, settings, run)));
	const loaded = await takeTurns(running, settings, run);
	return running.map(({ name }, index) => {
		const turns = loaded.get(name) ?? [];
		return {
			name,
			watched: watched[index] ?? [],
			requestsPerSecond: turns.map(({ requests, seconds }) => requests / seconds),
			statementsPerRequest: sumOf(turns, "statements") / sumOf(turns, "requests"),
		};
	});
}

const sumOf = (turns: Turn[], what: keyof Turn) => turns.reduce((sum, turn) => sum + turn[what], 0);

/**
 * Lets a scheme's browsers ask and puts their people out. They signed in at moments spread over the lifetime of a
 * short-lived token, so that some have just got theirs and others are about to lose it.
 */
async function watch(
	{ name, url }: Running,
	{ lifetime, browsers }: Settings,
	{ signal }: Launch,
): Promise<Finding["watched"]> {
	const { scheme } = subjects[name];
	const people = await createPeople(browsers);
	return Promise.all(
		people.map(async (userId, index) => {
			const signedInAt = new Date(Date.now() - (lifetime * 1000 * index) / browsers);
			const browser = new Browser(url, await scheme.issue(userId, signedInAt));
			return watchRevocation(browser, () => scheme.revoke(userId), (lifetime + MARGIN_SECONDS) * 1000, signal);
		}),
	);
}

interface Turn {
	requests: number;
	seconds: number;
	statements: number;
}

/** Each round puts load on every scheme. */
async function takeTurns(running: Running[], settings: Settings, run: Launch): Promise<Map<SubjectName, Turn[]>> {
	const turns = new Map(running.map(({ name }) => [name, [] as Turn[]]));
	const loads = new Map<SubjectName, LoadOfNow>();
	for (let round = 0; round < settings.rounds; round++) {
		for (const one of orderOf(running, round)) {
			const known = loads.get(one.name);
			const current = known && isGoodForATurn(known, settings) ? known : await loadOfNow(one, run);
			loads.set(one.name, current);
			const before = await one.server.statements();
			const answered = await sendRequestsFor(current.load, settings.seconds);
			turns.get(one.name)?.push({ ...answered, statements: (await one.server.statements()) - before });
		}
	}
	return turns;
}

interface LoadOfNow {
	load: Load;
	signedInAtMs: number;
}

async function loadOfNow(one: Running, run: Launch): Promise<LoadOfNow> {
	return { signedInAtMs: Date.now(), load: await loadOn(one, run) };
}

/** Whether short-lived tokens do not run out before the turn is over. Nobody refreshes them there. */
function isGoodForATurn({ signedInAtMs }: LoadOfNow, { lifetime, seconds }: Settings): boolean {
	return Date.now() + (seconds + TURN_MARGIN_SECONDS) * 1000 < signedInAtMs + lifetime * 1000;
}

/** Requests of many people who have just signed in. */
async function loadOn({ name, url }: Running, { signal }: Launch): Promise<Load> {
	const people = await createPeople(LOADED_PEOPLE);
	const jars = await Promise.all(people.map((userId) => subjects[name].scheme.issue(userId, new Date())));
	const cookies = jars.map((jar) =>
		Object.entries(jar)
			.map(([key, value]) => `${key}=${value}`)
			.join("; "),
	);
	return { url, path: "/api/session", cookies, connections: CONNECTIONS, signal };
}

async function createPeople(count: number): Promise<string[]> {
	const people = Array.from({ length: count }, () => uuidv7());
	await db.insert(users).values(people.map((id) => ({ id, email: `${id}@example.com`, name: "A Person" })));
	return people;
}
