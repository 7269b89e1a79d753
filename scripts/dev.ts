/** `npm run dev`: the database, migrated and, if it is on this machine, with demo people in it, then `next dev`. */
import { migrateDatabase } from "@/db/migrate";
import { hasOwner, isOnThisMachine, openDatabase } from "./database";
import { seedDemoPeople } from "./demo";
import { offerDemoProvider } from "./demo-provider";
import { checkEnvironment, environmentForNext, fillIn, loadEnvironmentFiles, localSessionSecret } from "./environment";
import { launch } from "./launch";
import { runNext } from "./next";
import { choosePort } from "./ports";
import { printAddress, printDemoPeople, printMailbox, printOwnerHint } from "./welcome";

launch(async (run) => {
	loadEnvironmentFiles("development");
	const port = await choosePort(process.env);
	const scheme = process.argv.includes("--experimental-https") ? "https" : "http";
	fillIn("APP_URL", () => `${scheme}://localhost:${port}`);
	fillIn("SESSION_SECRET", localSessionSecret);
	if (process.env.DATABASE_URL) checkEnvironment();
	const database = await openDatabase(run);
	await offerDemoProvider(port, run);
	checkEnvironment();
	await migrateDatabase(database.url);
	run.signal.throwIfAborted();
	const demo = isOnThisMachine() ? await seedDemoPeople(database.url) : undefined;
	printAddress();
	printMailbox();
	if (demo) printDemoPeople(demo);
	else if (!(await hasOwner(database.url))) printOwnerHint();
	return runNext(["dev", "--port", String(port), ...process.argv.slice(2)], { environment: environmentForNext() }, run);
});
