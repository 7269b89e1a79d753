/**
 * The refusals that callers handle. Each has a stable code and the HTTP status it becomes; its message is written for
 * the person who reads it. Anything else that is thrown is a bug or an outage.
 */

import { isGivenUp, isOutage, isReadOnly, isTimeout } from "@/db/errors";
import { logOutage } from "./outage";

const statusOf = {
	invalid: 400,
	"session-ended": 401,
	"invalid-token": 401,
	forbidden: 403,
	"proof-required": 403,
	"foreign-origin": 403,
	"not-found": 404,
	conflict: 409,
	"too-large": 413,
	"unsupported-media-type": 415,
	"too-many-attempts": 429,
	unavailable: 503,
} as const;

export type RefusalCode = keyof typeof statusOf;

const OUTAGE_RETRY_SECONDS = 5;

export class Refusal extends Error {
	readonly code: RefusalCode;
	readonly status: number;
	/** Messages for single fields, by field name; empty when the refusal concerns the act as a whole. */
	readonly fields: Record<string, string[]>;
	/** When it is worth trying again; undefined when waiting does not help. */
	readonly retryAfterSeconds: number | undefined;

	constructor(
		code: RefusalCode,
		message: string,
		fields: Record<string, string[]> = {},
		retryAfterSeconds = code === "unavailable" ? OUTAGE_RETRY_SECONDS : undefined,
	) {
		super(message);
		this.name = "Refusal";
		this.code = code;
		this.status = statusOf[code];
		this.fields = fields;
		this.retryAfterSeconds = retryAfterSeconds;
	}
}

/** The refusal behind whatever was thrown: itself, or "unavailable" for an outage; undefined for a bug. */
export function asRefusal(error: unknown): Refusal | undefined {
	if (error instanceof Refusal) return error;
	const outage = describeOutage(error);
	if (!outage) return undefined;
	logOutage(error);
	return new Refusal("unavailable", `${outage} Try again in a moment.`);
}

function describeOutage(error: unknown): string | undefined {
	if (isOutage(error)) return "The database cannot be reached.";
	if (isReadOnly(error)) return "Nothing can be changed right now: the database is read-only.";
	if (isTimeout(error) || isGivenUp(error)) return "The database is busy with this right now.";
	return undefined;
}
