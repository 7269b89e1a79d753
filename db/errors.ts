/** What PostgreSQL's error codes mean to us, translated in this one place (PostgreSQL documentation, appendix A). */

/** The unique index said "taken". */
export function isUniqueViolation(error: unknown): boolean {
	return codeOf(error) === "23505";
}

const GIVEN_UP = new Set([
	"40001", // serialization_failure
	"40P01", // deadlock_detected
]);

/** The transaction was given up in favour of another one. */
export function isGivenUp(error: unknown): boolean {
	return GIVEN_UP.has(codeOf(error) ?? "");
}

/**
 * The transaction may well succeed when it is run again: it was given up, or an impersonation began while its parent
 * session was ending (23503, foreign_key_violation).
 */
export function isConflict(error: unknown): boolean {
	return isGivenUp(error) || codeOf(error) === "23503";
}

const TIMEOUTS = new Set([
	"55P03", // lock_not_available
	"57014", // query_canceled, by statement_timeout
	"25P03", // idle_in_transaction_session_timeout
	"25P04", // transaction_timeout
]);

/** The transaction ran into one of its time limits. */
export function isTimeout(error: unknown): boolean {
	return TIMEOUTS.has(codeOf(error) ?? "");
}

/** Somebody else kept a lock for longer than lock_timeout. */
export function isLockedOut(error: unknown): boolean {
	return codeOf(error) === "55P03";
}

const UNKNOWN = new Set([
	"42P01", // undefined_table
	"42703", // undefined_column
	"42704", // undefined_object
	"42883", // undefined_function
	"3F000", // invalid_schema_name
	"22P02", // invalid_text_representation, of an enum's value
]);

/** The database lacks what the statement names: its schema is not that of this code. */
export function isOtherSchema(error: unknown): boolean {
	return UNKNOWN.has(codeOf(error) ?? "");
}

/** A hot standby, or a server that was told so: it reads, and refuses to write. */
export function isReadOnly(error: unknown): boolean {
	return codeOf(error) === "25006";
}

/**
 * 08: connection exceptions; 28 and 3D: no longer let in, or no such database; 53: out of connections, memory, disk;
 * 55000: takes no connections; 57P: shutting down or starting; 58: its disk fails.
 */
const OUTAGE_STATES = /^(08...|28...|3D000|53...|55000|57P0[1-5]|58...)$/;
/** What Node says when there is nobody to talk to, or nothing left to talk with. */
const OUTAGE_CODES =
	/^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|EADDRNOTAVAIL|E[MN]FILE|ENOTFOUND|EAI_AGAIN)$/;
/** What node-postgres and its pool say, without a code, when a connection broke, fell silent, or none could be had. */
const OUTAGE_MESSAGES =
	/^(Connection terminated|Client (has encountered a connection error|was closed)|timeout exceeded when trying to connect|Query read timeout)/;

/** The database could not be asked. */
export function isOutage(error: unknown): boolean {
	const code = codeOf(error);
	if (code !== undefined) return OUTAGE_STATES.test(code) || OUTAGE_CODES.test(code);
	return error instanceof Error && (OUTAGE_MESSAGES.test(error.message) || isOutage(error.cause));
}

/** The code of a database error, also when Drizzle has wrapped it. */
function codeOf(error: unknown): string | undefined {
	if (!(error instanceof Error)) return undefined;
	const code = (error as { code?: unknown }).code;
	return typeof code === "string" ? code : codeOf(error.cause);
}
