/** `npm run db:migrate`: brings the database up to the schema of this checkout. */
import { migrateDatabase } from "@/db/migrate";
import { openDatabase } from "./database";
import { loadEnvironmentFiles } from "./environment";
import { launch } from "./launch";

launch(async (run) => {
	loadEnvironmentFiles(process.env.NODE_ENV === "production" ? "production" : "development");
	const database = await openDatabase(run);
	await migrateDatabase(database.url);
	console.log("The database is up to date.");
	return 0;
});
