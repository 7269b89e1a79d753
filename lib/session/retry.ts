/** Runs a transaction again when PostgreSQL gave it up in favour of another one, and names the waits that ran out. */
import { isConflict, isTimeout } from "@/db/errors";
import { Refusal } from "@/lib/errors";

const ATTEMPTS = 5;

/** Gives what the transaction gives. Throws a Refusal "unavailable" when it ran into one of its time limits. */
export async function retryingConflicts<T>(transaction: () => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await transaction();
		} catch (error) {
			if (isTimeout(error)) {
				throw new Refusal("unavailable", "The database is busy with this right now. Try again in a moment.");
			}
			if (!isConflict(error) || attempt === ATTEMPTS) throw error;
		}
	}
}
