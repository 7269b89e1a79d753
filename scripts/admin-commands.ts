/**
 * The commands of the break-glass command line. They call the same functions as the console, under the same locks, and
 * the audit log names the machine and the account behind them.
 */
import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { parseArgs, styleText } from "node:util";
import { CannotStart } from "@/db/cannot-start";
import { isOtherSchema } from "@/db/errors";
import { migrateDatabase } from "@/db/migrate";
import { Refusal } from "@/lib/errors";
import { parse } from "@/lib/parse";
import { openDatabase } from "./database";
import { fillIn, loadEnvironmentFiles } from "./environment";
import type { Launch } from "./launch";

const USAGE = `Usage: npm run admin -- COMMAND

  list                              the people who are signed in, and how many sessions they have
  list EMAIL                        one person's live sessions
  end SESSION_ID                    force one session out
  end EMAIL                         force every session of a person out
  end --all                         sign everyone out
  suspend EMAIL --reason TEXT       suspend a person, which signs them out everywhere
  reactivate EMAIL                  let a suspended person in again
  make-owner EMAIL                  give a person the role of an owner
  create-owner EMAIL --name NAME    create an account that is an owner, with the password in OWNER_PASSWORD or a random
                                    one that is shown once
`;

const operator = { operator: `command line (${userInfo().username}@${hostname()})` };

interface Arguments {
	subject?: string;
	all?: boolean;
	reason?: string;
	name?: string;
}

/** Does what was typed after `npm run admin --`. Throws CannotStart. */
export async function runCommand(typed: string[], run: Launch): Promise<void> {
	const { values, positionals } = readArguments(typed);
	const [command, subject, ...others] = positionals;
	if (values.help || !command) return console.log(USAGE);
	const act = Object.hasOwn(commands, command) ? commands[command] : undefined;
	if (!act) throw new CannotStart(`There is no command "${command}".\n\n${USAGE}`);
	if (others.length > 0) {
		throw new CannotStart(`"${others.join(" ")}" is too much: name one at a time, and quote a reason.\n\n${USAGE}`);
	}
	if (subject && values.all) throw new CannotStart(`Either ${subject} or --all, and not both.\n\n${USAGE}`);
	loadEnvironmentFiles(process.env.NODE_ENV === "production" ? "production" : "development");
	const database = await openDatabase(run, { create: false });
	// Neither matters here: nothing is sealed and no link is made. In an emergency, the database's address is enough.
	fillIn("APP_URL", () => "http://localhost");
	fillIn("SESSION_SECRET", () => randomBytes(32).toString("base64url"));
	try {
		// The first owner may come before the first start. Nothing else changes the schema under an app that runs.
		if (command === "create-owner") await migrateDatabase(database.url);
		await act({ ...values, subject });
	} catch (error) {
		throw error instanceof Refusal
			? new CannotStart(sentence(error))
			: isOtherSchema(error)
				? otherSchema(error)
				: error;
	}
}

function otherSchema(error: unknown): CannotStart {
	const { message } = ((error as Error).cause ?? error) as Error;
	return new CannotStart(
		`The schema of the database is not that of this checkout (${message}): use the checkout that is deployed, or bring ` +
			"the database up to date with `npm run db:migrate`.",
	);
}

function readArguments(typed: string[]) {
	try {
		return parseArgs({
			args: typed,
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

/** A field's own message says more than "Check the fields". */
function sentence(refusal: Refusal): string {
	const fields = Object.entries(refusal.fields).map(([field, messages]) => `${field}: ${messages.join(" ")}`);
	return fields.length > 0 ? fields.join("\n") : refusal.message;
}

/** Each loads what it needs when it runs, because the database's address is known only then. */
const commands: Record<string, (args: Arguments) => Promise<void>> = {
	async list({ subject }) {
		const { listSignedIn, listSessionsOf } = await import("@/lib/admin/command-line");
		if (subject) {
			const rows = await listSessionsOf((await person(subject)).id);
			return rows.length > 0 ? console.table(rows) : console.log(`${subject} is not signed in anywhere.`);
		}
		const { people, more } = await listSignedIn();
		if (people.length === 0) return console.log("Nobody is signed in.");
		console.table(people);
		if (more > 0) console.log(`and ${more} more, who were seen longer ago`);
	},

	async end({ subject, all }) {
		const { forceLogout, forceLogoutAll, forceLogoutEverywhere } = await import("@/lib/admin/force-logout");
		if (all) return report(await forceLogoutAll(operator));
		const wanted = required(subject, "an e-mail address, a session's id or --all");
		if (!wanted.includes("@")) return report(await forceLogout(operator, [sessionId(wanted)]));
		return report(await forceLogoutEverywhere(operator, (await person(wanted)).id));
	},

	async suspend({ subject, reason }) {
		const { suspend, suspensionSchema } = await import("@/lib/admin/suspension");
		const input = parse(suspensionSchema, { reason: required(reason, "--reason TEXT") });
		const { id, email } = await person(subject);
		const ended = await suspend(operator, id, input);
		console.log(`${email} is suspended.`);
		report(ended);
	},

	async reactivate({ subject }) {
		const { reactivate } = await import("@/lib/admin/suspension");
		const { id, email } = await person(subject);
		await reactivate(operator, id);
		console.log(`${email} may sign in again.`);
	},

	async "make-owner"({ subject }) {
		const { changeRole } = await import("@/lib/admin/roles");
		const { id, email } = await person(subject);
		await changeRole(operator, id, "owner");
		console.log(`${email} is an owner.`);
	},

	async "create-owner"({ subject, name }) {
		const { createOwner, ownerSchema } = await import("@/lib/admin/command-line");
		const given = process.env.OWNER_PASSWORD;
		const password = given || randomBytes(12).toString("base64url");
		const email = required(subject, "an e-mail address");
		await createOwner(operator, parse(ownerSchema, { email, name: name ?? email.split("@")[0], password }));
		console.log(`${email} is an owner.${given ? "" : ` The password, shown only now: ${styleText("bold", password)}`}`);
	},
};

async function person(email: string | undefined) {
	const { findPersonByEmail } = await import("@/lib/admin/command-line");
	return findPersonByEmail(required(email, "an e-mail address"));
}

function required(value: string | undefined, what: string): string {
	if (!value) throw new CannotStart(`This command needs ${what}.\n\n${USAGE}`);
	return value;
}

function sessionId(text: string): string {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new CannotStart(`${text} is no session's id.`);
	return text;
}

function report(ended: number): void {
	console.log(ended === 1 ? "1 session ended." : `${ended} sessions ended.`);
}
