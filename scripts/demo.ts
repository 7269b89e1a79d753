/** Fills an empty database with demo people who share one password. */
import { randomInt } from "node:crypto";
import { Client } from "pg";
import { CannotStart } from "@/db/cannot-start";
import { seedDemo } from "@/db/seed/demo";
import type { DemoPerson } from "@/db/seed/people";
import { hashPassword } from "@/lib/accounts/password";
import { isOnThisMachine } from "./database";

export interface DemoPeople {
	people: readonly DemoPerson[];
	/** Known only now: the database keeps a hash. */
	password: string;
}

/** Throws CannotStart where there may be real people: made-up ones have no place among them. */
export function refuseAmongRealPeople(): void {
	const production = process.env.NODE_ENV === "production";
	if (!production && isOnThisMachine()) return;
	const where = production ? "NODE_ENV is production" : "the database of DATABASE_URL is on another machine";
	throw new CannotStart(`This adds made-up people, and ${where}: add --force if you mean it.`);
}

/** Does nothing, and gives undefined, when there is anybody already. */
export async function seedDemoPeople(url: string): Promise<DemoPeople | undefined> {
	const client = new Client(url);
	client.on("error", () => {});
	await client.connect();
	try {
		// Asked for before the password is hashed, which takes longer than all the rest of a start.
		if ((await client.query("select from users limit 1")).rowCount) return undefined;
		const password = process.env.SEED_PASSWORD || readablePassword();
		const people = await seedDemo(client, await hashPassword(password));
		return people && { people, password };
	} finally {
		await client.end();
	}
}

/** Three made-up words, about 45 bits: easy to type from a terminal into a form. */
function readablePassword(): string {
	const pick = (letters: string) => letters[randomInt(letters.length)];
	const word = () => ["bdfgklmnprstvz", "aeiou", "bdfgklmnprstvz", "aeiou", "klmnrst"].map(pick).join("");
	return `${word()}-${word()}-${word()}`;
}
