/** Runs a transaction again when PostgreSQL gave it up in favour of another one. */
import { isConflict } from "@/db/errors";
import { asRefusal } from "@/lib/errors";

const ATTEMPTS = 5;

/** Gives what the transaction gives. Throws a Refusal "unavailable" for an outage, and when a time limit was reached. */
export async function retryingConflicts<T>(transaction: () => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await transaction();
		} catch (error) {
			if (!isConflict(error) || attempt === ATTEMPTS) throw asRefusal(error) ?? error;
		}
	}
}
