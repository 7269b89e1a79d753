/** For tests of what happens while somebody waits for somebody else's lock. */
import { connections } from "@/db/client";

/** Resolves as soon as so many connections of this test file wait for a lock. */
export async function connectionsWait(count = 1): Promise<void> {
	for (;;) {
		const waiting = await connections.query(`
			select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
		`);
		if (waiting.rows.length >= count) return;
	}
}
