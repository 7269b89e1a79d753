/**
 * People and their sessions for tests, made with the product's own code.
 *
 *     const owner = await sessionOf(await createUser({ role: "owner" }));
 *     await forceLogoutEverywhere(owner, alice.id);            // functions of lib take the session
 *     await call(GET, requestAs(owner, "/api/session"));       // handlers take a request, see ./request
 */
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { normalizeEmail } from "@/lib/accounts/email";
import { hashPassword } from "@/lib/accounts/password";
import { environment } from "@/lib/environment";
import { impersonate } from "@/lib/impersonation/impersonate";
import type { Role } from "@/lib/permissions/matrix";
import type { RequestOrigin } from "@/lib/request/origin";
import type { SessionTokens } from "@/lib/session/cookie";
import { startSession } from "@/lib/session/lifecycle";
import { findSession, type Person, type Session } from "@/lib/session/lookup";

/** A session and what is in its cookie. */
export interface TestSession extends Session {
	tokens: SessionTokens;
}

interface NewUser {
	role?: Role;
	name?: string;
	email?: string;
	/** Left out, the person has none: hashing takes its time, and most tests sign nobody in through the form. */
	password?: string;
}

let count = 0;

/** Creates a person; what is not given is made up, and unique. */
export async function createUser(given: NewUser = {}): Promise<Person> {
	const { role = "user", name = `Person ${++count}`, password } = given;
	const email = normalizeEmail(given.email ?? `person-${count}-${crypto.randomUUID().slice(0, 8)}@example.com`);
	const passwordHash = password ? await hashPassword(password) : null;
	const [person] = await db
		.insert(users)
		.values({ role, name, email, passwordHash, emailVerifiedAt: new Date() })
		.returning({ id: users.id, name: users.name, email: users.email, role: users.role });
	return person as Person;
}

const ORIGIN: RequestOrigin = {
	ip: "192.0.2.10",
	userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
};

/** Signs the person in, without a form; each call begins another session. */
export async function sessionOf(person: Pick<Person, "id">, origin: Partial<RequestOrigin> = {}): Promise<TestSession> {
	const from = { ...ORIGIN, ...origin };
	const { token } = await db.transaction((tx) => startSession(tx, { userId: person.id, origin: from }));
	return liveSession({ token }, from);
}

/** Lets an admin, in this session of theirs, impersonate the person. */
export async function impersonationOf(person: Pick<Person, "id">, by: TestSession): Promise<TestSession> {
	return liveSession(await impersonate(by, by.tokens, person.id, { reason: "A test" }), by.origin);
}

/** Lets so much time pass since they last proved who they are in this session that the proof is no longer fresh. */
export async function letProofAge(session: TestSession): Promise<void> {
	session.authenticatedAt = new Date(Date.now() - (environment().STEP_UP_SECONDS + 60) * 1000);
	const { id, authenticatedAt } = session;
	await db.update(sessions).set({ authenticatedAt }).where(eq(sessions.id, id));
}

async function liveSession(tokens: SessionTokens, origin: RequestOrigin): Promise<TestSession> {
	const session = await findSession(tokens, origin);
	if (!session) throw new Error("the session is not live: is the person suspended?");
	return { ...session, tokens };
}
