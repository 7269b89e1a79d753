import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { checkDatabase } from "./preflight";

const GOOD = inject("postgres").url;
const PASSWORD = "pass-word-of-mine";

/** Takes the call and hangs up, as a proxy does when there is no server behind it. */
const curt = createServer((socket) => socket.end());
/** Takes the call and says nothing. */
const silent = createServer(() => {});

beforeAll(async () => {
	for (const server of [curt, silent]) await once(server.listen(0, "127.0.0.1"), "listening");
});

afterAll(() => {
	for (const server of [curt, silent]) server.close();
});

describe("before the start the database is asked, and", () => {
	test("one that will do is let pass", async () => {
		expect(await complaint(GOOD)).toBeUndefined();
	});

	test.each([
		["no address at all", "whatever", /DATABASE_URL: .*postgres:\/\/user:password@host:port\/database/],
		["an unknown host", `postgres://me:${PASSWORD}@nowhere.invalid/app`, /no host named nowhere\.invalid/],
		["a port where nothing listens", `postgres://me:${PASSWORD}@127.0.0.1:1/app`, /Nothing listens on 127\.0\.0\.1:1/],
		["an unknown user", changed({ username: "stranger", password: PASSWORD }), /does not let "stranger" in/],
		["a wrong password", changed({ password: PASSWORD }), /does not let "kickoff" in/],
		["a database that is not there", changed({ pathname: "/missing" }), /no database "missing"/],
	])("%s stops it with one sentence and no password", async (_, url, sentence) => {
		const said = await complaint(url);
		expect(said).toMatch(sentence);
		expect(said).not.toContain(PASSWORD);
		expect(said).not.toContain("\n");
	});

	test("one that may only be read stops it: a standby, or one that was told so", async () => {
		const url = new URL(GOOD);
		url.searchParams.set("options", "-c default_transaction_read_only=on");
		expect(await complaint(url.href)).toMatch(/is read-only: use the primary server/);
	});

	test.each([
		["hangs up", curt],
		["says nothing", silent],
	])("a server that %s stops it within the time that it is given", async (_, server) => {
		const { port } = server.address() as AddressInfo;
		const said = await complaint(`postgres://me:${PASSWORD}@127.0.0.1:${port}/app`, 1);
		expect(said).toMatch(`PostgreSQL on 127.0.0.1:${port} does not answer as it should`);
	});
});

function changed(parts: Partial<Pick<URL, "username" | "password" | "pathname">>): string {
	return Object.assign(new URL(GOOD), parts).href;
}

async function complaint(url: string, withinSeconds?: number): Promise<string | undefined> {
	try {
		await checkDatabase(url, withinSeconds);
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}
