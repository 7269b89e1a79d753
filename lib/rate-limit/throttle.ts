/**
 * Throttling, counted in PostgreSQL so that all instances agree. Every attempt is counted before it is made, or two
 * hundred at once would all be let through; one that succeeds is given back. (OWASP ASVS 5.0, V6.3.1 and V2.4.1.)
 */
import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { lt, sql } from "drizzle-orm";
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
	/** Logout tokens that were no good, from one network. */
	"logout-address": { points: 100, duration: 15 * MINUTE },
	/** People whom we sent to an identity provider, and who did not come back with a good answer. */
	"provider-address": { points: 100, duration: 15 * MINUTE },
	"sign-up-address": { points: 100, duration: HOUR },
	/** Forms that send a mail, from one network. */
	"mail-address": { points: 100, duration: HOUR },
	/** Mails of one kind to one mailbox, whoever asks for them: nobody is flooded. */
	"mail-account": { points: 5, duration: HOUR },
} as const;

export type Throttle = keyof typeof limits;

/** What is counted: a limit, and for whom. */
export type Attempt = [throttle: Throttle, ...who: string[]];

/** Says how long to wait, in the message and in `retryAfterSeconds`. */
export class TooManyAttempts extends Refusal {
	readonly throttle: Throttle;
	/** Whether it is the first attempt over the limit. Each is counted by itself, so only one can be. */
	readonly isFirst: boolean;

	constructor(throttle: Throttle, { msBeforeNext, consumedPoints }: RateLimiterRes) {
		const minutes = Math.max(1, Math.ceil(msBeforeNext / 60_000));
		const wait = minutes === 1 ? "a minute" : `${minutes} minutes`;
		const message = `Too many attempts. Try again in ${wait}.`;
		super("too-many-attempts", message, {}, Math.max(1, Math.ceil(msBeforeNext / 1000)));
		this.throttle = throttle;
		this.isFirst = consumedPoints === limits[throttle].points + 1;
	}
}

/** Counts the attempts; throws TooManyAttempts if one of them is over its limit. */
export async function countAttempts(attempts: Attempt[]): Promise<void> {
	for (const [throttle, ...who] of attempts) {
		try {
			await limiter(throttle).consume(keyOf(who));
		} catch (refused) {
			if (!(refused instanceof RateLimiterRes)) throw refused;
			logRefused("too-many-attempts", { throttle, key: keyOf(who), attempts: refused.consumedPoints });
			throw new TooManyAttempts(throttle, refused);
		}
	}
}

/** Counts the attempts; tells whether they were within their limits, where a refusal would say too much. */
export async function isWithinLimits(attempts: Attempt[]): Promise<boolean> {
	try {
		await countAttempts(attempts);
		return true;
	} catch (error) {
		if (error instanceof Refusal && error.code === "too-many-attempts") return false;
		throw error;
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

/** Deletes what has run out. An hour late, because a window is timed by the clock of the instance that began it. */
export async function sweepAttempts(): Promise<void> {
	await db.delete(throttles).where(lt(throttles.expire, sql`now() - interval '1 hour'`));
}

function limiter(throttle: Throttle): RateLimiterDrizzle {
	const where = { storeClient: db, schema: throttles, keyPrefix: throttle, clearExpiredByTimeout: false };
	return processWide(`throttle-${throttle}`, () => new RateLimiterDrizzle({ ...where, ...limits[throttle] }));
}

const keyOf = (who: string[]) => createHash("sha256").update(who.join("\n")).digest("base64url");
