/**
 * What went wrong with a statement, without what it was given. Drizzle's own error spells out every parameter in its
 * message, and PostgreSQL's the row that it was about: password hashes, token hashes, addresses. Errors end up in logs.
 */
import { PgPreparedQuery } from "drizzle-orm/pg-core";

export class FailedQuery extends Error {
	constructor(query: string, cause: unknown) {
		super(`Failed query: ${query}`, { cause: isFromPostgres(cause) ? withoutValues(cause) : cause });
		this.name = "FailedQuery";
	}
}

/** Everything that an error of PostgreSQL's may say in a log. */
const TELLING = ["code", "severity", "schema", "table", "column", "constraint", "routine"] as const;

type PostgresError = Error & Partial<Record<(typeof TELLING)[number], string>>;

function isFromPostgres(cause: unknown): cause is PostgresError {
	return cause instanceof Error && "severity" in cause;
}

function withoutValues(error: PostgresError): PostgresError {
	// As in: invalid input syntax for type uuid: "what was given".
	const bare: PostgresError = new Error(error.message.replace(/: ".*/s, ""));
	for (const name of TELLING) if (error[name] !== undefined) bare[name] = error[name];
	return bare;
}

interface Patched {
	queryWithCache<T>(query: string, parameters: unknown[], run: () => Promise<T>): Promise<T>;
}

/** Every statement of Drizzle's runs through this method; its other half, a cache of results, is not in use here. */
(PgPreparedQuery.prototype as unknown as Patched).queryWithCache = async (query, _parameters, run) => {
	try {
		return await run();
	} catch (cause) {
		throw new FailedQuery(query, cause);
	}
};
