/**
 * `npm run admin -- …`: the break-glass command line, for when the app is down or nobody can sign in.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { CannotStart } from "@/db/cannot-start";
import { migrateDatabase } from "@/db/migrate";
import { Refusal } from "@/lib/errors";
import { commands, USAGE } from "./admin-commands";
import { openDatabase } from "./database";
import { fillIn, loadEnvironmentFiles } from "./environment";
import { launch } from "./launch";

launch(async (run) => {
	const { values, positionals } = readArguments();
	const [command, subject] = positionals;
	const act = commands[command ?? ""];
	if (!act) {
		console.log(USAGE);
		return command ? 1 : 0;
	}
	loadEnvironmentFiles(process.env.NODE_ENV === "production" ? "production" : "development");
	const database = await openDatabase(run);
	// Neither matters here: nothing is sealed and no link is made. In an emergency, the database's address is enough.
	fillIn("APP_URL", () => "http://localhost");
	fillIn("SESSION_SECRET", () => randomBytes(32).toString("base64url"));
	await migrateDatabase(database.url);
	try {
		await act({ ...values, subject });
	} catch (error) {
		throw error instanceof Refusal ? new CannotStart(error.message) : error;
	}
	return 0;
});

function readArguments() {
	try {
		return parseArgs({
			allowPositionals: true,
			options: { all: { type: "boolean" }, reason: { type: "string" }, name: { type: "string" } },
		});
	} catch (error) {
		throw new CannotStart(`${(error as Error).message}\n\n${USAGE}`);
	}
}
