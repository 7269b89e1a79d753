/** The experiment behind `npm run bench:revocation`, on the database that the environment names. */
import { v7 as uuidv7 } from "uuid";
import { db, connections as productConnections } from "@/db/client";
import { freePort } from "@/db/embedded-server";
import { users } from "@/db/schema";
import type { Launch } from "../../launch";
import { build, type Server, start } from "../fixture";
import { sendRequests, sendRequestsFor } from "../load";
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
	const watched = await Promise.all(running.map((one) => watch(one, settings, run)));
	const loaded = await takeTurns(running, settings, run);
	return running.map(({ name }, index) => ({
		name,
		watched: watched[index] ?? [],
		...(loaded.get(name) as Pick<Finding, "requestsPerSecond" | "statementsPerRequest">),
	}));
}

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

/** Each round puts load on every scheme, and begins with another one. */
async function takeTurns(running: Running[], { seconds, rounds }: Settings, { signal }: Launch) {
	const results = new Map<SubjectName, { requestsPerSecond: number[]; statementsPerRequest: number }>();
	const people = await createPeople(LOADED_PEOPLE);
	const loads = new Map<SubjectName, Parameters<typeof sendRequestsFor>[0]>();
	for (const { name, url } of running) {
		const jars = await Promise.all(people.map((userId) => subjects[name].scheme.issue(userId, new Date())));
		const cookies = jars.map((jar) =>
			Object.entries(jar)
				.map(([key, value]) => `${key}=${value}`)
				.join("; "),
		);
		const load = { url, path: "/api/session", cookies, connections: CONNECTIONS, signal };
		await sendRequests(load, WARM_UP_REQUESTS);
		loads.set(name, load);
	}
	for (let round = 0; round < rounds; round++) {
		const first = round % running.length;
		for (const { name, server } of [...running.slice(first), ...running.slice(0, first)]) {
			const before = await server.statements();
			const answered = await sendRequestsFor(loads.get(name) as Parameters<typeof sendRequestsFor>[0], seconds);
			const asked = (await server.statements()) - before;
			const { requestsPerSecond = [] } = results.get(name) ?? {};
			requestsPerSecond.push(answered.requests / answered.seconds);
			results.set(name, { requestsPerSecond, statementsPerRequest: asked / answered.requests });
		}
	}
	return results;
}

async function createPeople(count: number): Promise<string[]> {
	const people = Array.from({ length: count }, () => uuidv7());
	await db.insert(users).values(people.map((id) => ({ id, email: `${id}@example.com`, name: "A Person" })));
	return people;
}
