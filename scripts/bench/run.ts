/**
 * `npm run bench`: what it costs to ask the database on every request. One page and one JSON route of equal content,
 * built for production and asked over loopback: (a) behind an empty proxy, (b) with the product's own proxy and session
 * look-up, (c) with a JWT, the way nextjs/saas-starter does it. The variants take turns in short rounds, so that whatever
 * else the machine does meets all of them; what counts is the median of the rounds' ratios.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { CannotStart } from "@/db/cannot-start";
import { freePort } from "@/db/embedded-server";
import { launch } from "../launch";
import { build, type Server, start } from "./fixture";
import { checkAnswers, type Load, sendRequests, sendRequestsFor } from "./load";
import { cookiesFor, populate } from "./people";
import { type Memory, printHeading, printMemory, printSpeed, type Sample, wantedIsMet } from "./report";
import { orderOf } from "./turns";
import { layers, type Variant, variants } from "./variants";

const routes = { page: "/dashboard", JSON: "/api/session" };
/** After so many requests each variant's memory is looked at; after the last of them it is warm, and its speed counts. */
const WARM_UP_REQUESTS = [1_000, 20_000];

const USAGE = "Usage: npm run bench -- [--seconds 1] [--rounds 40] [--connections 20] [--check]";
const { values } = parseArgs({
	options: {
		seconds: { type: "string", default: "1" },
		rounds: { type: "string", default: "40" },
		connections: { type: "string", default: "20" },
		check: { type: "boolean", default: false },
	},
});
const [seconds, rounds, connections] = [Number(values.seconds), Number(values.rounds), Number(values.connections)];

interface Subject {
	variant: Variant;
	server: Server;
	load: Omit<Load, "path">;
	/** How many requests it has answered. */
	answered: number;
}

launch(async (run) => {
	if (![seconds, rounds, connections].every((number) => number > 0)) throw new CannotStart(USAGE);
	const secret = randomBytes(32).toString("base64url");
	const appUrl = `http://127.0.0.1:${await freePort()}`;
	const { url, version, visitors } = await populate(run);
	const environment = { DATABASE_URL: url, APP_URL: appUrl, SESSION_SECRET: secret, AUTH_SECRET: secret };
	Object.assign(process.env, environment);
	printHeading({ seconds, rounds, connections }, version);

	const subjects: Subject[] = [];
	for (const variant of variants) {
		await build(variant, layers[variant], run);
		const address = variant === "kickoff" ? appUrl : `http://127.0.0.1:${await freePort()}`;
		const server = await start(variant, address, environment, run);
		const load = { url: address, cookies: await cookiesFor(variant, visitors), connections, signal: run.signal };
		for (const path of Object.values(routes)) await checkAnswers({ ...load, path }, visitors);
		subjects.push({ variant, server, load, answered: 0 });
	}
	const memory: Memory[] = [];
	for (const requests of WARM_UP_REQUESTS) memory.push(...(await memoryAfter(requests, subjects)));
	const samples = await takeTurns(subjects);
	printSpeed(samples);
	printMemory(memory);
	return values.check && !wantedIsMet(samples) ? 1 : 0;
});

/** Each round asks every variant for the page and for the JSON. */
async function takeTurns(subjects: Subject[]): Promise<Sample[]> {
	const samples: Sample[] = [];
	for (let round = 0; round < rounds; round++) {
		for (const [route, path] of Object.entries(routes)) {
			for (const subject of orderOf(subjects, round))
				samples.push({ round, route, ...(await takeTurn(subject, path)) });
		}
	}
	return samples;
}

async function takeTurn(subject: Subject, path: string) {
	const cpuMsBefore = await subject.server.cpuMs();
	const answered = await sendRequestsFor({ ...subject.load, path }, seconds);
	const cpuMs = (await subject.server.cpuMs()) - cpuMsBefore;
	return {
		variant: subject.variant,
		requestsPerSecond: answered.requests / answered.seconds,
		cpuMsPerRequest: cpuMs / answered.requests,
	};
}

/** What each server holds once it has answered so many requests, half of them for the page. */
async function memoryAfter(requests: number, subjects: Subject[]): Promise<Memory[]> {
	const memory: Memory[] = [];
	for (const subject of subjects) {
		const missing = requests - subject.answered;
		for (const path of Object.values(routes)) await sendRequests({ ...subject.load, path }, Math.ceil(missing / 2));
		subject.answered = requests;
		memory.push({ variant: subject.variant, requests: subject.answered, ...(await subject.server.memory()) });
	}
	return memory;
}
