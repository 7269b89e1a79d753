/**
 * `npm run db:seed`: demo people for an empty database, or with numbers, as many rows as a big product has:
 * `npm run db:seed -- --users 200000 --sessions 1000000`.
 */
import { parseArgs } from "node:util";
import postgres from "postgres";
import { CannotStart } from "@/db/cannot-start";
import { migrateDatabase } from "@/db/migrate";
import { type BulkAmounts, type Progress, seedBulk } from "@/db/seed/bulk";
import { openDatabase } from "./database";
import { refuseAmongRealPeople, seedDemoPeople } from "./demo";
import { loadEnvironmentFiles } from "./environment";
import { launch } from "./launch";
import { printDemoPeople } from "./welcome";

const USAGE = `Usage: npm run db:seed                  adds demo people to an empty database
       npm run db:seed -- --users N [--sessions N] [--ended N] [--events N]

  --users N      people, who have no password
  --sessions N   live sessions; left out, five for each person
  --ended N      ended sessions; left out, half as many
  --events N     audit events; left out, as many as live sessions
  --force        also when NODE_ENV is production, or DATABASE_URL is on another machine`;

launch(async (run) => {
	const { force, amounts } = readArguments();
	loadEnvironmentFiles("development");
	if (!force) refuseAmongRealPeople();
	const { url } = await openDatabase(run);
	await migrateDatabase(url);
	run.signal.throwIfAborted();
	const demo = await seedDemoPeople(url);
	if (demo) printDemoPeople(demo);
	else if (!amounts) throw new CannotStart("There are people in this database already: nothing was added.");
	if (amounts) await seedMany(url, amounts, run.signal);
	return 0;
});

async function seedMany(url: string, amounts: BulkAmounts, signal: AbortSignal): Promise<void> {
	const connection = postgres(url, { max: 1, max_lifetime: null, onnotice: () => {} });
	signal.addEventListener("abort", () => connection.end({ timeout: 0 }));
	const start = Date.now();
	try {
		await seedBulk(connection, amounts, printProgress);
	} finally {
		await connection.end();
	}
	console.log(`\nDone in ${((Date.now() - start) / 1000).toFixed(0)} s, with the tables vacuumed and analyzed.`);
}

/** One line for each table, rewritten in a terminal while it grows. */
const printProgress: Progress = (table, rows, ofRows, seconds, finished) => {
	const line = `${table.padEnd(15)}${rows.toLocaleString("en").padStart(11)} of ${ofRows.toLocaleString("en")}`;
	const rate = `${Math.round(rows / seconds).toLocaleString("en")} rows/s`;
	if (finished) console.log(`${process.stdout.isTTY ? "\r" : ""}${line}   ${rate}, indexes included   `);
	else if (process.stdout.isTTY) process.stdout.write(`\r${line}   ${rate}   `);
};

function readArguments(): { force: boolean; amounts?: BulkAmounts } {
	const number = { type: "string" } as const;
	try {
		const { values } = parseArgs({
			options: { users: number, sessions: number, ended: number, events: number, force: { type: "boolean" } },
		});
		const { users, sessions, ended, events, force = false } = values;
		if (!users && !sessions && !ended && !events) return { force };
		const people = amount("users", users, 0);
		const live = amount("sessions", sessions, people * 5);
		return {
			force,
			amounts: {
				users: people,
				sessions: live,
				endedSessions: amount("ended", ended, Math.floor(live / 2)),
				auditEvents: amount("events", events, live),
			},
		};
	} catch (error) {
		throw new CannotStart(`${(error as Error).message}\n\n${USAGE}`);
	}
}

function amount(name: string, text: string | undefined, otherwise: number): number {
	if (text === undefined) return otherwise;
	if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a number, such as 200000, and not "${text}".`);
	return Number(text);
}
