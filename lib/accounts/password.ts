/** Password hashing: Argon2id, and never so many at once that other requests starve. */
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { processWide } from "@/db/process-wide";

/** OWASP Password Storage Cheat Sheet: 19 MiB of memory, two passes, one lane. The library's default is Argon2id. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password, in PHC format. */
export function hashPassword(password: string): Promise<string> {
	return inTurn(() => hash(password, ARGON2));
}

/**
 * Whether the password is the hashed one. Without a hash (nobody has this e-mail, or the account has no password) it does
 * the same work and says no, so that the time it takes does not tell who has an account.
 */
export async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
	const matches = await inTurn(async () => verify(passwordHash ?? (await hashOfNothing()), password));
	return matches && Boolean(passwordHash);
}

const hashOfNothing = () => processWide("hash-of-nothing", () => hash(crypto.randomUUID(), ARGON2));

/** Half the cores may hash at a time; the others wait their turn, in order. */
const queue = processWide("password-queue", () => ({
	free: Math.max(1, Math.floor(availableParallelism() / 2)),
	waiting: [] as (() => void)[],
}));

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
	if (queue.free > 0) queue.free--;
	else await new Promise<void>((resolve) => queue.waiting.push(resolve));
	try {
		return await work();
	} finally {
		const next = queue.waiting.shift();
		if (next) next();
		else queue.free++;
	}
}
