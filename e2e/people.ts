/** People and their sessions, made by writing the rows and sealing the cookie with the product's own code. */
import { hash } from "@node-rs/argon2";
import type { BrowserContext } from "@playwright/test";
import { eq, like, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { sessions, throttles, users } from "@/db/schema";
import { normalizeEmail } from "@/lib/accounts/email";
import { hashPassword } from "@/lib/accounts/password";
import { impersonate } from "@/lib/impersonation/impersonate";
import { createLink } from "@/lib/links/links";
import type { Role } from "@/lib/permissions/matrix";
import type { Throttle } from "@/lib/rate-limit/throttle";
import { type SessionTokens, sealTokens, sessionCookieName } from "@/lib/session/cookie";
import { startSession } from "@/lib/session/lifecycle";
import { findSession, type Person } from "@/lib/session/lookup";

/** A password that the sign-up form would take. */
export const PASSWORD = "correct horse battery staple";

interface NewPerson {
	role?: Role;
	name?: string;
	email?: string;
	/** Left out, the person has none and cannot sign in through the form: hashing takes its time. */
	password?: string;
}

/** Creates a person; what is not given is made up, and unique. */
export async function createPerson(given: NewPerson = {}): Promise<Person> {
	const mark = crypto.randomUUID().slice(0, 8);
	const { role = "user", name = `${NAMES[role]} ${mark}`, email = `${role}-${mark}@example.com` } = given;
	const passwordHash = given.password ? await hashOf(given.password) : null;
	const [person] = await db
		.insert(users)
		.values({ role, name, email: normalizeEmail(email), passwordHash, emailVerifiedAt: new Date() })
		.returning({ id: users.id, name: users.name, email: users.email, role: users.role });
	return person as Person;
}

/** Who has the same password shares its hash. */
function hashOf(password: string): Promise<string> {
	const hashed = hashes.get(password) ?? hashPassword(password);
	hashes.set(password, hashed);
	return hashed;
}

const hashes = new Map<string, Promise<string>>();

/** Creates many at once. Their passwords are quick to check, as a hash says itself how much work it wants. */
export async function createPeople(count: number, { role = "user", password }: Omit<NewPerson, "name" | "email"> = {}) {
	const passwordHash = password ? await hash(password, { memoryCost: 8, timeCost: 1 }) : null;
	const rows = Array.from({ length: count }, () => {
		const mark = crypto.randomUUID().slice(0, 8);
		const email = `${role}-${mark}@example.com`;
		return { role, name: `${NAMES[role]} ${mark}`, email, passwordHash, emailVerifiedAt: new Date() };
	});
	const columns = { id: users.id, name: users.name, email: users.email, role: users.role };
	return (await db.insert(users).values(rows).returning(columns)) as Person[];
}

const NAMES: Record<Role, string> = { user: "Alice", support: "Sofía", admin: "Amir", owner: "Olivia" };

/** A live session of somebody, and the cookie that opens it. */
export interface SignedIn {
	user: Person;
	sessionId: string;
	tokens: SessionTokens;
	/** The value of a Cookie header. */
	cookie: string;
}

const ORIGIN = {
	ip: "192.0.2.10",
	userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
};

/** Begins a session of the person; each call begins another one. */
export async function startSessionOf(user: Person, origin: Partial<typeof ORIGIN> = {}): Promise<SignedIn> {
	const started = await db.transaction((tx) => startSession(tx, { userId: user.id, origin: { ...ORIGIN, ...origin } }));
	return signedIn(user, started.id, { token: started.token });
}

/** Begins one for each of them, in one transaction: many at once would wait for each other's connections. */
export async function startSessionsOf(people: Person[]): Promise<SignedIn[]> {
	const begun = await db.transaction(async (tx) => {
		const all: { user: Person; id: string; token: string }[] = [];
		for (const user of people) all.push({ user, ...(await startSession(tx, { userId: user.id, origin: ORIGIN })) });
		return all;
	});
	return Promise.all(begun.map(({ user, id, token }) => signedIn(user, id, { token })));
}

/** Begins a session of an app of the person; it has a refresh token, and no cookie. */
export async function startAppSessionOf(user: Person, appDevice = "A phone") {
	const origin = { ...ORIGIN, userAgent: "Kickoff/1.0 okhttp/4.12" };
	const started = await db.transaction((tx) => startSession(tx, { userId: user.id, origin, appDevice }));
	return { user, sessionId: started.id, refreshToken: started.token };
}

/** Begins an impersonation of the person by the admin, in that session of theirs. */
export async function startImpersonation(of: Person, by: SignedIn): Promise<SignedIn> {
	const session = await findSession(by.tokens, ORIGIN);
	if (!session) throw new Error(`${by.user.name} is not signed in`);
	const tokens = await impersonate(session, by.tokens, of.id, { reason: "To see what they see" });
	const impersonation = await findSession(tokens, ORIGIN);
	return signedIn(of, impersonation?.id ?? "", tokens);
}

/** The person as the database has them now. */
export async function reread(user: Person): Promise<Person> {
	const columns = { id: users.id, name: users.name, email: users.email, role: users.role };
	const [row] = await db.select(columns).from(users).where(eq(users.id, user.id));
	return row as Person;
}

async function signedIn(user: Person, sessionId: string, tokens: SessionTokens): Promise<SignedIn> {
	return { user, sessionId, tokens, cookie: await cookieWith(tokens) };
}

/** The value of a Cookie header that carries these tokens. */
export async function cookieWith(tokens: SessionTokens): Promise<string> {
	return `${sessionCookieName()}=${await sealTokens(tokens)}`;
}

/** Suspends the person behind the app's back: their sessions stay in the table. */
export async function suspend(user: Person): Promise<void> {
	const values = { suspendedAt: new Date(), suspensionReason: "A test" };
	await db.update(users).set(values).where(eq(users.id, user.id));
}

/** Lets a change of the person's address wait for its proof, asked for in this session. */
export async function askForNewAddress(user: Person, sessionId: string): Promise<void> {
	const link = { purpose: "email_change", userId: user.id, email: `moved-${user.email}`, sessionId } as const;
	await db.transaction((tx) => createLink(tx, link));
}

/** Changes the role behind the app's back. */
export async function setRole(user: Person, role: Role): Promise<void> {
	await db.update(users).set({ role }).where(eq(users.id, user.id));
}

/** Lets the last proof of who they are be so long ago that acts which need a fresh one ask for the password. */
export async function forgetProof(sessionId: string): Promise<void> {
	const values = { authenticatedAt: sql`now() - interval '1 day'` };
	await db.update(sessions).set(values).where(eq(sessions.id, sessionId));
}

/** Forgets how often something was tried: all of a run's tests come from one network. */
export async function forgetAttempts(throttle: Throttle): Promise<void> {
	await db.delete(throttles).where(like(throttles.key, `${throttle}%`));
}

/** Puts the session's cookie into a browser. It knows no port, so it is good on every instance. */
export async function giveCookie(context: BrowserContext, cookie: string): Promise<void> {
	const split = cookie.indexOf("=");
	const attributes = { domain: "localhost", path: "/", httpOnly: true, secure: true, sameSite: "Lax" } as const;
	await context.addCookies([{ name: cookie.slice(0, split), value: cookie.slice(split + 1), ...attributes }]);
}
