/**
 * `npm start`: the database, migrated, then `next start`. Without DATABASE_URL it is a try-out of the production build
 * on this machine, with the embedded database of `npm run dev`. It never adds demo people.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "@/db/cannot-start";
import { migrateDatabase } from "@/db/migrate";
import { hasOwner, openDatabase } from "./database";
import { checkEnvironment, environmentForNext, fillIn, loadEnvironmentFiles, localSessionSecret } from "./environment";
import { launch } from "./launch";
import { KEEP_ALIVE, runNext } from "./next";
import { choosePort } from "./ports";
import { printAddress, printOwnerHint } from "./welcome";

launch(async (run) => {
	loadEnvironmentFiles("production");
	requireBuild();
	const port = await choosePort(process.env);
	if (process.env.DATABASE_URL) {
		checkEnvironment();
	} else {
		fillIn("APP_URL", () => `http://localhost:${port}`);
		fillIn("SESSION_SECRET", localSessionSecret);
	}
	const database = await openDatabase(run);
	checkEnvironment();
	await migrateDatabase(database.url);
	run.signal.throwIfAborted();
	printAddress();
	if (!(await hasOwner(database.url))) printOwnerHint();
	return runNext(
		["start", "--port", String(port), ...KEEP_ALIVE, ...process.argv.slice(2)],
		{ environment: environmentForNext() },
		run,
	);
});

function requireBuild(): void {
	if (!existsSync(join(import.meta.dirname, "..", ".next", "BUILD_ID"))) {
		throw new CannotStart("There is no build yet: run `npm run build` first.");
	}
}
