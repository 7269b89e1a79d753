/** Password hashing: Argon2id, and never so much at once that other requests starve. */
import { hash, verify } from "@node-rs/argon2";
import { processWide } from "@/db/process-wide";
import { hashInTurn } from "./hash-line";

/** OWASP Password Storage Cheat Sheet: 19 MiB of memory, two passes, one lane. The library's default is Argon2id. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password, in PHC format. Throws a Refusal "unavailable" when too many are waiting for one. */
export function hashPassword(password: string): Promise<string> {
	return hashInTurn(() => hash(composed(password), ARGON2));
}

/**
 * Whether the password is the hashed one. Without a hash (nobody has this e-mail, or the account has no password) it does
 * the same work and says no, so that the time it takes does not tell who has an account. Throws like {@link hashPassword}.
 */
export async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
	const matches = await hashInTurn(async () => verify(passwordHash ?? (await hashOfNothing()), composed(password)));
	return matches && Boolean(passwordHash);
}

/** However a keyboard composes an accent, it is the same password (RFC 8265, section 4.2). Nothing else is changed. */
const composed = (password: string) => password.normalize("NFC");

const hashOfNothing = () => processWide("hash-of-nothing", () => hash(crypto.randomUUID(), ARGON2));
