/** Which browsers and systems are among the live sessions: what a filter can offer. */
import { sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";

export interface Devices {
	browsers: string[];
	operatingSystems: string[];
}

/** Their names in alphabetical order. */
export async function listDevices(): Promise<Devices> {
	const [browsers, operatingSystems] = await Promise.all([
		distinct(sessions.browser),
		distinct(sessions.operatingSystem),
	]);
	return { browsers, operatingSystems };
}

/**
 * The distinct values of an indexed column. Each step leaps along the index to the next value (a "loose index scan"), so
 * a million rows with ten names cost ten look-ups.
 */
async function distinct(column: AnyPgColumn): Promise<string[]> {
	const { rows } = await db.execute<{ value: string }>(sql`
		with recursive found as (
			(select ${column} as value from ${sessions} where ${column} is not null order by ${column} limit 1)
			union all
			select (select ${column} from ${sessions} where ${column} > found.value order by ${column} limit 1)
			from found where found.value is not null
		)
		select value from found where value is not null
	`);
	return rows.map((row) => row.value);
}
