/** Says in the log that the database is away. Now and then, because during an outage every request finds out. */
import { processWide } from "@/db/process-wide";
import { log } from "@/lib/log";

const SAID_EVERY_SECONDS = 10;
const last = processWide("outage-logged", () => ({ at: 0 }));

/** Call it wherever an outage becomes an answer. */
export function logOutage(error: unknown): void {
	if (Date.now() - last.at < SAID_EVERY_SECONDS * 1000) return;
	last.at = Date.now();
	log.error({ error }, "the database could not do what it was asked");
}
