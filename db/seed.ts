/** Demo people for a development database. */
import type { Sql } from "postgres";
import { v7 as uuidv7 } from "uuid";

export interface DemoPerson {
	email: string;
	name: string;
	role: "user" | "support" | "admin" | "owner";
}

const people: DemoPerson[] = [
	{ email: "owner@example.com", name: "Olivia Bennett", role: "owner" },
	{ email: "admin@example.com", name: "Amir Haddad", role: "admin" },
	{ email: "support@example.com", name: "Sofía Márquez", role: "support" },
	{ email: "alice@example.com", name: "Alice Nakamura", role: "user" },
	{ email: "bob@example.com", name: "Bob Okafor", role: "user" },
];

/** Fills a database that nobody is in. Gives undefined when somebody is. */
export async function seedDemo(connection: Sql, passwordHash: string): Promise<DemoPerson[] | undefined> {
	return connection.begin(async (sql) => {
		await sql`lock table users in share row exclusive mode`;
		const [anybody] = await sql`select 1 from users limit 1`;
		if (anybody) return undefined;
		await sql`insert into users ${sql(people.map((person) => ({ id: uuidv7(), password_hash: passwordHash, ...person })))}`;
		return people;
	});
}
