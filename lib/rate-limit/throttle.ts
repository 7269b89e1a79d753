/**
 * Throttling, counted in PostgreSQL so that all instances agree. Every attempt is counted before it is made, or two
 * hundred at once would all be let through; one that succeeds is given back. (OWASP ASVS 5.0, V6.3.1 and V2.4.1.)
 */
import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { RateLimiterDrizzle, RateLimiterRes } from "rate-limiter-flexible";
import { db } from "@/db/client";
import { processWide } from "@/db/process-wide";
import { throttles } from "@/db/schema";
import { Refusal } from "@/lib/errors";
import { logRefused } from "@/lib/log";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** How many attempts, in how many seconds. */
const limits = {
	/** Wrong passwords for one account from one network: a person who has forgotten it. */
	"password-pair": { points: 10, duration: 15 * MINUTE },
	/** Wrong passwords from one network, whatever the account: someone trying a list. */
	"password-address": { points: 100, duration: 15 * MINUTE },
	/** Wrong passwords for one account from networks it was never used from: a botnet. */
	"password-account": { points: 50, duration: HOUR },
	/** Services that could not prove who they are, from one network. */
	"service-address": { points: 100, duration: 15 * MINUTE },
	"sign-up-address": { points: 100, duration: HOUR },
} as const;

export type Throttle = keyof typeof limits;

/** What is counted: a limit, and for whom. */
export type Attempt = [throttle: Throttle, ...who: string[]];

/**
 * Counts the attempts; throws a Refusal "too-many-attempts" that says how long to wait if one of them is over its limit.
 */
export async function countAttempts(attempts: Attempt[]): Promise<void> {
	for (const [throttle, ...who] of attempts) {
		try {
			await limiter(throttle).consume(keyOf(who));
		} catch (refused) {
			if (!(refused instanceof RateLimiterRes)) throw refused;
			logRefused("too-many-attempts", { throttle, key: keyOf(who), attempts: refused.consumedPoints });
			const minutes = Math.max(1, Math.ceil(refused.msBeforeNext / 60_000));
			const wait = minutes === 1 ? "a minute" : `${minutes} minutes`;
			throw new Refusal("too-many-attempts", `Too many attempts. Try again in ${wait}.`);
		}
	}
}

/** Takes attempts back that turned out to be good ones. */
export async function forgiveAttempts(attempts: Attempt[]): Promise<void> {
	await Promise.all(attempts.map(([throttle, ...who]) => limiter(throttle).reward(keyOf(who))));
}

/** The network behind an address: an IPv4 address, or the /64 of an IPv6 address, which one customer has for themselves. */
export function networkOf(ip: string | null): string {
	if (!ip || !isIPv6(ip)) return ip ?? "unknown";
	const [head = "", tail = ""] = ip.toLowerCase().split("::");
	const groups = head.split(":").filter(Boolean);
	const missing = ip.includes("::") ? 8 - groups.length - tail.split(":").filter(Boolean).length : 0;
	const full = [...groups, ...Array<string>(missing).fill("0"), ...tail.split(":").filter(Boolean)];
	return full
		.slice(0, 4)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(":");
}

function limiter(throttle: Throttle): RateLimiterDrizzle {
	return processWide(
		`throttle-${throttle}`,
		() => new RateLimiterDrizzle({ storeClient: db, schema: throttles, keyPrefix: throttle, ...limits[throttle] }),
	);
}

const keyOf = (who: string[]) => createHash("sha256").update(who.join("\n")).digest("base64url");
