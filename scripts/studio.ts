/** `npm run db:studio`: looks into the database with Drizzle Studio. */
import { join } from "node:path";
import { migrateDatabase } from "@/db/migrate";
import { openDatabase } from "./database";
import { loadEnvironmentFiles } from "./environment";
import { launch } from "./launch";
import { runProgram } from "./program";

launch(async (run) => {
	loadEnvironmentFiles("development");
	const { url } = await openDatabase(run);
	await migrateDatabase(url);
	const drizzleKit = join(import.meta.dirname, "..", "node_modules", "drizzle-kit", "bin.cjs");
	return runProgram(drizzleKit, ["studio", ...process.argv.slice(2)], { environment: process.env }, run);
});
