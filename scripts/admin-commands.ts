/**
 * The commands of the break-glass command line. They call the same functions as the console, under the same locks, and
 * the audit log names the machine and the account behind them.
 */
import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { styleText } from "node:util";
import { CannotStart } from "@/db/cannot-start";
import { parse } from "@/lib/parse";

export const USAGE = `Usage: npm run admin -- COMMAND

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

/** Each loads what it needs when it runs, because the database's address is known only then. */
export const commands: Record<string, (args: Arguments) => Promise<void>> = {
	async list({ subject }) {
		const { listSignedIn, listSessionsOf } = await import("@/lib/admin/command-line");
		const rows = subject ? await listSessionsOf((await person(subject)).id) : await listSignedIn();
		if (rows.length > 0) return console.table(rows);
		console.log(subject ? `${subject} is not signed in anywhere.` : "Nobody is signed in.");
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
