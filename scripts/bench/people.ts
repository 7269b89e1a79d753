/** The sessions that the benchmark's requests belong to, in a database of its own, and their cookies. */
import { join } from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { v7 as uuidv7 } from "uuid";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
import { sessions, users } from "@/db/schema";
import { urlOfDatabase } from "@/db/testing/names";
import { sealTokens, sessionCookieName } from "@/lib/session/cookie";
import { hashToken, newToken } from "@/lib/session/token";
import type { Launch } from "../launch";
import type { Variant } from "./variants";

const DATABASE = "kickoff_bench";
const LIVE_SESSIONS = 10_000;
/** How many of them ask. */
const VISITORS = 200;
const ROWS_PER_INSERT = 1_000;
const ONE_DAY_MS = 24 * 60 * 60 * 1000;

export interface Visitor {
	userId: string;
	token: string;
}

/** Makes a database on the embedded PostgreSQL and fills it. It is dropped at the end. */
export async function populate({ onExit }: Launch): Promise<{ url: string; version: string; visitors: Visitor[] }> {
	const server = await startEmbeddedPostgres({ folder: join(import.meta.dirname, "..", "..", ".data") });
	onExit(server.stop);
	const connection = postgres(server.url, { max: 1, onnotice: () => {} });
	onExit(() => connection.end());
	const drop = async () => {
		await connection`drop database if exists ${connection(DATABASE)} with (force)`;
	};
	onExit(drop);
	await drop();
	await connection`create database ${connection(DATABASE)}`;
	const url = urlOfDatabase(server.url, DATABASE);
	await migrateDatabase(url);
	const [setting] = await connection<{ version: string }[]>`select current_setting('server_version') as version`;
	return { url, version: setting?.version ?? "", visitors: await insertSessions(url) };
}

/** Gives those who ask, spread over all. */
async function insertSessions(url: string): Promise<Visitor[]> {
	const connection = postgres(url, { max: 1 });
	const db = drizzle(connection);
	const everyone = Array.from({ length: LIVE_SESSIONS }, () => ({ userId: uuidv7(), token: newToken() }));
	for (let from = 0; from < everyone.length; from += ROWS_PER_INSERT) {
		const some = everyone.slice(from, from + ROWS_PER_INSERT);
		await db.insert(users).values(some.map(({ userId: id }) => ({ id, email: `${id}@example.com`, name: "A Person" })));
		await db.insert(sessions).values(some.map(sessionRow));
	}
	await connection`analyze`;
	await connection.end();
	return everyone.filter((_, index) => index % (LIVE_SESSIONS / VISITORS) === 0);
}

function sessionRow({ userId, token }: Visitor): typeof sessions.$inferInsert {
	const now = new Date();
	return {
		userId,
		tokenHash: hashToken(token),
		createdAt: now,
		lastSeenAt: now,
		lastSeenOn: now.toISOString().slice(0, 10),
		expiresAt: new Date(now.getTime() + ONE_DAY_MS),
		authenticatedAt: now,
		authenticatedWith: "password",
	};
}

/** A Cookie header for each visitor. The empty variant gets the product's, so that its requests are no smaller. */
export async function cookiesFor(variant: Variant, visitors: Visitor[]): Promise<string[]> {
	if (variant !== "jwt") {
		return Promise.all(visitors.map(async ({ token }) => `${sessionCookieName()}=${await sealTokens({ token })}`));
	}
	const { signToken } = await import("./jwt/token");
	const expires = new Date(Date.now() + ONE_DAY_MS).toISOString();
	return Promise.all(visitors.map(async ({ userId: id }) => `session=${await signToken({ user: { id }, expires })}`));
}
