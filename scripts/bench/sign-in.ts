/**
 * `npm run bench:sign-in`: what everybody else notices of two hundred people who sign in at the same moment. It asks the
 * production build for a page, first alone and then meanwhile. With --check it fails when that takes more
 * than four times as long. Run `npm run build` first.
 */
import { randomBytes } from "node:crypto";
import { existsSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CannotStart } from "@/db/cannot-start";
import { freePort } from "@/db/embedded-server";
import { launch } from "../launch";
import { runNext } from "../next";
import { cookiesFor, populate } from "./people";

const SIGN_INS = 200;
/** How many people look at the page, one request after the other each. */
const READERS = 4;
const ALONE_SECONDS = 10;
/** How many times as long as alone a page's 95th percentile may be meanwhile. */
const RESPONSIVE_TIMES = 4;
const PASSWORD = "a password for the benchmark";
const CHECKOUT = join(import.meta.dirname, "..", "..");

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

launch(async (run) => {
	if (!existsSync(join(CHECKOUT, ".next", "BUILD_ID"))) throw new CannotStart("Run `npm run build` first.");
	const { url: database, visitors } = await populate(run);
	const port = await freePort();
	const app = `http://localhost:${port}`;
	const environment = {
		DATABASE_URL: database,
		APP_URL: app,
		SESSION_SECRET: randomBytes(32).toString("base64url"),
		TRUSTED_PROXY_HOPS: "1",
	};
	Object.assign(process.env, environment);
	const emails = await createPeople();
	const stop = new AbortController();
	const ended = runNext(
		["start", "--port", String(port)],
		{ environment: { ...process.env, NODE_ENV: "production" }, folder: CHECKOUT, output: openSync(devNull, "w") },
		{ signal: AbortSignal.any([run.signal, stop.signal]), impatience: run.impatience },
	);
	run.onExit(async () => {
		stop.abort();
		await ended;
	});
	while (!(await fetch(app).catch(() => null))) await wait(50, undefined, { signal: run.signal });

	const cookies = await cookiesFor("kickoff", visitors);
	const form = await signInForm(app);
	await readPages(app, cookies, wait(2_000));
	await signIn(app, form, emails[0] ?? "", 0);

	const alone = await readPages(app, cookies, wait(ALONE_SECONDS * 1000));
	const durations: number[] = [];
	const all = Promise.all(emails.map(async (email, index) => durations.push(await signIn(app, form, email, index))));
	const meanwhile = await readPages(app, cookies, all);
	print("GET /dashboard, alone", alone);
	print(`GET /dashboard, during ${SIGN_INS} sign-ins`, meanwhile);
	print("POST /sign-in, all at once", durations);
	const ratio = quantile(meanwhile, 0.95) / quantile(alone, 0.95);
	console.log(`\nThe page's 95th percentile is ${ratio.toFixed(1)} times what it is alone.`);
	return values.check && ratio > RESPONSIVE_TIMES ? 1 : 0;
});

/** People who can sign in; gives their addresses. */
async function createPeople(): Promise<string[]> {
	// Not earlier: the pool takes the address of its database from the environment.
	const [{ createUser }, { connections }] = await Promise.all([import("@/lib/testing/people"), import("@/db/client")]);
	const people = await Promise.all(Array.from({ length: SIGN_INS }, () => createUser({ password: PASSWORD })));
	await connections.end();
	return people.map(({ email }) => email);
}

/** The hidden fields by which a browser without JavaScript says which action it wants. */
async function signInForm(app: string): Promise<[name: string, value: string][]> {
	const page = await (await fetch(`${app}/sign-in`)).text();
	const hidden = page.matchAll(/<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g);
	return Array.from(hidden, ([, name = "", value = ""]) => [name, value.replaceAll("&quot;", '"')]);
}

/** Signs somebody in, each from a network of their own; gives how long it took, in milliseconds. */
async function signIn(app: string, form: [string, string][], email: string, index: number): Promise<number> {
	const body = new FormData();
	for (const [name, value] of [...form, ["email", email], ["password", PASSWORD]] as const) body.append(name, value);
	const headers = { Origin: app, "X-Forwarded-For": `198.18.0.${index}` };
	const start = performance.now();
	const answer = await fetch(`${app}/sign-in`, { method: "POST", headers, body, redirect: "manual" });
	if (answer.headers.get("location") !== "/dashboard") throw new Error(`a sign-in was answered ${answer.status}`);
	return performance.now() - start;
}

/** Reads the page again and again until the promise settles; gives how long each time took, in milliseconds. */
async function readPages(app: string, cookies: string[], until: Promise<unknown>): Promise<number[]> {
	let over = false;
	const end = until.finally(() => {
		over = true;
	});
	const durations: number[] = [];
	const read = async (_: unknown, reader: number) => {
		for (let turn = reader; !over; turn += READERS) {
			const start = performance.now();
			const answer = await fetch(`${app}/dashboard`, { headers: { Cookie: cookies[turn % cookies.length] ?? "" } });
			await answer.text();
			if (answer.status !== 200) throw new Error(`the page was answered ${answer.status}`);
			durations.push(performance.now() - start);
		}
	};
	await Promise.all([end, ...Array.from({ length: READERS }, read)]);
	return durations;
}

function print(what: string, durations: number[]): void {
	const figures = [0.5, 0.95, 1].map((share) => `${quantile(durations, share).toFixed(0)} ms`.padStart(10));
	if (what.endsWith("alone")) console.log(`\n${" ".repeat(36)}   times    median       95%      100%`);
	console.log(`${what.padEnd(36)}${String(durations.length).padStart(8)}${figures.join("")}`);
}

function quantile(values: number[], share: number): number {
	const sorted = values.toSorted((one, other) => one - other);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
