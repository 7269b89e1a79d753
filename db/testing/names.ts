/** What the databases of tests are called. */
import { v7 as uuidv7 } from "uuid";

export const PREFIX = "kickoff_test_";

/** A new name; names sort by the time at which they were made. */
export function testDatabaseName(madeAt = Date.now()): string {
	return PREFIX + uuidv7({ msecs: madeAt });
}

/** The address of a database on the same server. */
export function urlOfDatabase(serverUrl: string, name: string): string {
	const url = new URL(serverUrl);
	url.pathname = `/${name}`;
	return url.href;
}
