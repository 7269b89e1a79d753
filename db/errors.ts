/** What PostgreSQL's error codes mean to us, translated in this one place (PostgreSQL documentation, appendix A). */

/** The unique index said "taken". */
export function isUniqueViolation(error: unknown): boolean {
	return codeOf(error) === "23505";
}

const CONFLICTS = new Set([
	"40001", // serialization_failure
	"40P01", // deadlock_detected
	"23503", // foreign_key_violation: an impersonation began while its parent session was ending
]);

/** The transaction was given up in favour of another one, and may well succeed when it is run again. */
export function isConflict(error: unknown): boolean {
	return CONFLICTS.has(codeOf(error) ?? "");
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

/** 08: connection exceptions; 53: out of connections, memory, disk; 57P: shutting down or starting; 25006: read-only. */
const OUTAGE_STATES = /^(08...|53...|57P0[1-5]|25006)$/;
/** What Node says when there is nobody to talk to. */
const OUTAGE_CODES = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What node-postgres and its pool say, without a code, when a connection broke or none could be had. */
const OUTAGE_MESSAGES =
	/^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** The database could not be asked, or could not write. */
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
