/** Runs a transaction again when PostgreSQL gave it up in favour of another one, and names the waits that ran out. */
import { Refusal } from "@/lib/errors";

const ATTEMPTS = 5;

/** SQLSTATEs after which the same transaction may well succeed (PostgreSQL, appendix A). */
const CONFLICTS = new Set([
	"40001", // serialization_failure
	"40P01", // deadlock_detected
	"23503", // foreign_key_violation: an impersonation began while its parent session was ending
]);
const TIMED_OUT = new Set([
	"55P03", // lock_not_available
	"57014", // query_canceled, by statement_timeout
	"25P03", // idle_in_transaction_session_timeout
	"25P04", // transaction_timeout
]);

/** Gives what the transaction gives. Throws a Refusal "unavailable" when it ran into one of its time limits. */
export async function retryingConflicts<T>(transaction: () => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await transaction();
		} catch (error) {
			const code = sqlState(error);
			if (code && TIMED_OUT.has(code)) {
				throw new Refusal("unavailable", "The database is busy with this right now. Try again in a moment.");
			}
			if (!code || !CONFLICTS.has(code) || attempt === ATTEMPTS) throw error;
		}
	}
}

/** The SQLSTATE of a database error, also when Drizzle has wrapped it. */
export function sqlState(error: unknown): string | undefined {
	if (!(error instanceof Error)) return undefined;
	const code = (error as { code?: unknown }).code;
	return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : sqlState(error.cause);
}
