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
	if (values.help || !command) {
		console.log(USAGE);
		return 0;
	}
	const act = Object.hasOwn(commands, command) ? commands[command] : undefined;
	if (!act) throw new CannotStart(`There is no command "${command}".\n\n${USAGE}`);
	loadEnvironmentFiles(process.env.NODE_ENV === "production" ? "production" : "development");
	const database = await openDatabase(run);
	// Neither matters here: nothing is sealed and no link is made. In an emergency, the database's address is enough.
	fillIn("APP_URL", () => "http://localhost");
	fillIn("SESSION_SECRET", () => randomBytes(32).toString("base64url"));
	await migrateDatabase(database.url);
	try {
		await act({ ...values, subject });
	} catch (error) {
		throw error instanceof Refusal ? new CannotStart(sentence(error)) : error;
	}
	return 0;
});

/** A field's own message says more than "Check the fields". */
function sentence(refusal: Refusal): string {
	const fields = Object.entries(refusal.fields).map(([field, messages]) => `${field}: ${messages.join(" ")}`);
	return fields.length > 0 ? fields.join("\n") : refusal.message;
}

function readArguments() {
	try {
		return parseArgs({
			allowPositionals: true,
			options: {
				all: { type: "boolean" },
				reason: { type: "string" },
				name: { type: "string" },
				help: { type: "boolean", short: "h" },
			},
		});
	} catch (error) {
		// Of Node's message the first sentence: the second is advice about arguments that begin with a dash.
		throw new CannotStart(`${(error as Error).message.split(". ")[0]}.\n\n${USAGE}`);
	}
}
