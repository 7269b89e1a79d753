/**
 * `npm run bench:revocation`: can this credential be revoked in a hurry, and what does that cost? The schemes that people
 * choose between, each in a production build on the same database: browsers go on asking after they were put out, and we
 * count what they are still served; and then all schemes take turns under load. With `--write`, docs/why-sessions.md and
 * its chart say what was found.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { CannotStart } from "@/db/cannot-start";
import { db, connections as productConnections } from "@/db/client";
import { freePort } from "@/db/embedded-server";
import { users } from "@/db/schema";
import { type Launch, launch } from "../../launch";
import { build, type Server, start } from "../fixture";
import { sendRequests, sendRequestsFor } from "../load";
import { populate } from "../people";
import { printHeading } from "../report";
import { KICKOFF } from "../variants";
import { closeTables, createTables } from "./app/schemes/tables";
import { type Finding, printFindings, writeFindings } from "./report";
import { type SubjectName, subjectNames, subjects } from "./subjects";
import { Browser, watchRevocation } from "./watch";

const USAGE =
	"Usage: npm run bench:revocation -- [--lifetime 300] [--browsers 20] [--seconds 3] [--rounds 7] [--write]";
const WARM_UP_REQUESTS = 1_000;
const CONNECTIONS = 20;
const LOADED_PEOPLE = 100;
/** How much longer than the short-lived tokens are good for we go on asking. */
const MARGIN_SECONDS = 10;

const { values } = parseArgs({
	options: {
		lifetime: { type: "string", default: "300" },
		browsers: { type: "string", default: "20" },
		seconds: { type: "string", default: "3" },
		rounds: { type: "string", default: "7" },
		write: { type: "boolean", default: false },
	},
});
const [lifetime, browsers, seconds, rounds] = [values.lifetime, values.browsers, values.seconds, values.rounds].map(
	Number,
) as [number, number, number, number];

interface Running {
	name: SubjectName;
	url: string;
	server: Server;
}

launch(async (run) => {
	if (![lifetime, browsers, seconds, rounds].every((number) => number > 0)) throw new CannotStart(USAGE);
	const secret = randomBytes(32).toString("base64url");
	const appUrl = `http://127.0.0.1:${await freePort()}`;
	const { url, version } = await populate(run);
	const environment = {
		DATABASE_URL: url,
		APP_URL: appUrl,
		SESSION_SECRET: secret,
		AUTH_SECRET: secret,
		SHORT_SECONDS: String(lifetime),
	};
	Object.assign(process.env, environment);
	run.onExit(closeTables);
	run.onExit(() => productConnections.end());
	await createTables();
	printHeading({ lifetime, browsers, seconds, rounds }, version);

	await build("kickoff", KICKOFF, run);
	await build("schemes", ["scripts/bench/revocation/app"], run);
	const running: Running[] = [];
	for (const name of subjectNames) {
		const address = name === "kickoff" ? appUrl : `http://127.0.0.1:${await freePort()}`;
		const variant = name === "kickoff" ? "kickoff" : "schemes";
		running.push({ name, url: address, server: await start(variant, address, { ...environment, SCHEME: name }, run) });
	}
	const watched = await Promise.all(running.map((one) => watch(one, run)));
	const loaded = await takeTurns(running, run);
	const findings = running.map(
		({ name }, index): Finding => ({
			name,
			watched: watched[index] ?? [],
			...(loaded.get(name) as Pick<Finding, "requestsPerSecond" | "statementsPerRequest">),
		}),
	);
	printFindings(findings, lifetime);
	if (values.write) writeFindings(findings, lifetime);
	return 0;
});

/**
 * Lets a scheme's browsers ask and puts their people out. They signed in at moments spread over the lifetime of a
 * short-lived token, so that some have just got theirs and others are about to lose it.
 */
async function watch({ name, url }: Running, { signal }: Launch): Promise<Finding["watched"]> {
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
async function takeTurns(running: Running[], { signal }: Launch) {
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
