import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { throttles } from "@/db/schema";
import { type Attempt, countAttempts, forgiveAttempts, networkOf, sweepAttempts } from "./throttle";

let count = 0;
const someone = (): Attempt[] => [["password-pair", `person-${++count}@example.com`, "192.0.2.1"]];

/** How many of so many attempts at once were let through. */
async function letThrough(attempts: Attempt[], times: number): Promise<number> {
	const answers = await Promise.allSettled(Array.from({ length: times }, () => countAttempts(attempts)));
	return answers.filter(({ status }) => status === "fulfilled").length;
}

test("two hundred attempts at once, on two instances, are counted as one by one", async () => {
	const attempts = someone();
	const program = `
		import { countAttempts } from "./lib/rate-limit/throttle";
		const tries = Array.from({ length: 100 }, () => countAttempts(${JSON.stringify(attempts)}));
		const answers = await Promise.allSettled(tries);
		console.log(answers.filter(({ status }) => status === "fulfilled").length);
		process.exit();
	`;
	const instance = async () => {
		const flags = ["--import", "tsx", "--input-type=module", "--eval", program];
		const { stdout } = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
		return Number(await text(stdout));
	};
	const [first = 0, second = 0] = await Promise.all([instance(), instance()]);
	expect(first + second).toBe(10);
});

test("the first attempt over the limit says so, and each says how long to wait", async () => {
	const attempts = someone();
	await letThrough(attempts, 10);
	const refused = await Promise.allSettled(Array.from({ length: 5 }, () => countAttempts(attempts)));
	const reasons = refused.map((answer) => (answer as PromiseRejectedResult).reason);
	expect(reasons.filter(({ isFirst }) => isFirst)).toHaveLength(1);
	for (const { code, message, retryAfterSeconds } of reasons) {
		expect(code).toBe("too-many-attempts");
		expect(message).toBe("Too many attempts. Try again in 15 minutes.");
		expect(retryAfterSeconds).toBeGreaterThan(14 * 60);
		expect(retryAfterSeconds).toBeLessThanOrEqual(15 * 60);
	}
});

test("attempts that go on do not make the wait longer, and after it one begins anew", async () => {
	const attempts = someone();
	await letThrough(attempts, 10);
	const end = async () => (await db.select({ end: throttles.expire }).from(throttles).where(isOf(attempts)))[0]?.end;
	const before = await end();
	expect(await letThrough(attempts, 20)).toBe(0);
	expect(await end()).toEqual(before);
	await db.update(throttles).set({ expire: new Date() }).where(isOf(attempts));
	expect(await letThrough(attempts, 12)).toBe(10);
});

test("what has run out is swept away, and nothing else", async () => {
	const [over, running] = [someone(), someone()];
	await Promise.all([letThrough(over, 1), letThrough(running, 1)]);
	await db
		.update(throttles)
		.set({ expire: new Date(Date.now() - 3_700_000) })
		.where(isOf(over));
	await sweepAttempts();
	expect(await db.$count(throttles, isOf(over))).toBe(0);
	expect(await db.$count(throttles, isOf(running))).toBe(1);
});

test("attempts that turned out to be good ones are given back", async () => {
	const attempts = someone();
	await letThrough(attempts, 10);
	for (let time = 0; time < 4; time++) await forgiveAttempts(attempts);
	expect(await letThrough(attempts, 10)).toBe(4);
});

test.each([
	["192.0.2.1", "192.0.2.1"],
	["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
	["2001:DB8:0001:2::1", "2001:db8:1:2"],
	["2001:db8::1", "2001:db8:0:0"],
	["::1", "0:0:0:0"],
	["64:ff9b::192.0.2.1", "64:ff9b:0:0"],
	["fe80::1", "fe80:0:0:0"],
	[null, "unknown"],
])("the network behind %s is %s", (ip, network) => {
	expect(networkOf(ip)).toBe(network);
});

/** The row that counts the attempts of one pair. */
function isOf([attempt]: Attempt[]) {
	const [throttle, ...who] = attempt as Attempt;
	return eq(throttles.key, `${throttle}:${createHash("sha256").update(who.join("\n")).digest("base64url")}`);
}
