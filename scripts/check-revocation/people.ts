/** People and their sessions, made by writing the rows and sealing the cookie with the product's own code. */
import { drizzle } from "drizzle-orm/node-postgres";
import { v7 as uuidv7 } from "uuid";
import type { Transaction } from "@/db/client";
import { users } from "@/db/schema";
import { hashPassword } from "@/lib/accounts/password";
import type { Role } from "@/lib/permissions/matrix";
import { sealTokens, sessionCookieName } from "@/lib/session/cookie";
import { startSession } from "@/lib/session/lifecycle";
import { type Database, patiently } from "./database";

export const PASSWORD = "correct horse battery staple";
export const NEW_PASSWORD = "a quite different sentence";
/** Hashing takes its time, and all may have the same. */
const passwordHash = hashPassword(PASSWORD);

export interface Person {
	id: string;
	role: Role;
	/** A part of their name that nobody else has, and that they keep. */
	mark: string;
}

/** Somebody's session, and what opens it: a cookie or, of a native app, a refresh token. */
export interface Client {
	session: string;
	person: Person;
	/** The value of a Cookie header; empty for an app. */
	cookie: string;
	/** An app's newest; undefined when nobody knows any more which one that is. */
	refreshToken?: string;
	/** An admin acts as the person in it. */
	impersonation?: boolean;
	/** The last access token that it was given. */
	token?: string;
}

export async function createPerson({ pool }: Database, role: Role): Promise<Person> {
	const id = uuidv7();
	const mark = `${role}-${id.slice(-12)}`;
	const [name, email] = [`${mark} 0`, `${mark}@example.com`];
	const row = { id, role, name, email, emailVerifiedAt: new Date(), passwordHash: await passwordHash };
	await patiently(() => drizzle(pool).insert(users).values(row).onConflictDoNothing());
	return { id, role, mark };
}

export async function startSessionOf(database: Database, person: Person): Promise<Client> {
	const { id, token } = await start(database, person);
	return { session: id, person, cookie: `${sessionCookieName()}=${await sealTokens({ token })}` };
}

export async function startAppSessionOf(database: Database, person: Person): Promise<Client> {
	const { id, token } = await start(database, person, "A phone");
	return { session: id, person, cookie: "", refreshToken: token };
}

function start({ pool }: Database, { id: userId }: Person, appDevice?: string) {
	const origin = { ip: "127.0.0.1", userAgent: null };
	// One statement, which needs no transaction around it.
	const tx = drizzle(pool) as unknown as Transaction;
	return patiently(() => startSession(tx, { userId, origin, appDevice }));
}

/** A new person of the role with so many sessions. */
export async function signIn(database: Database, role: Role, sessions = 1): Promise<Client[]> {
	const person = await createPerson(database, role);
	return Promise.all(Array.from({ length: sessions }, () => startSessionOf(database, person)));
}
