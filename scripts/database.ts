/** The database that a script works on: DATABASE_URL, or the embedded one of this checkout. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { CannotStart } from "@/db/cannot-start";
import { startEmbeddedPostgres } from "@/db/embedded";
import { checkDatabase } from "@/db/preflight";
import { DATA_FOLDER, fillIn } from "./environment";
import type { Launch } from "./launch";

/**
 * Call it after `loadEnvironmentFiles`. Sets DATABASE_URL for this process and its children, and says which database it
 * is, so that nobody takes one for another. Throws CannotStart.
 *
 * @param options.create whether to make an embedded database where there is none yet
 */
export async function openDatabase(
	{ signal, onExit }: Launch,
	{ create = true } = {},
): Promise<{ url: string; embedded: boolean }> {
	const url = process.env.DATABASE_URL;
	if (url) {
		await checkDatabase(url);
		console.error(`Database: ${nameOf(url)}`);
		return { url, embedded: false };
	}
	if (!create && !existsSync(join(DATA_FOLDER, "postgres"))) {
		throw new CannotStart(
			"DATABASE_URL: Set it to the database of your app. In .env.production it is read when NODE_ENV is production.",
		);
	}
	const server = await startEmbeddedPostgres({ folder: DATA_FOLDER });
	onExit(server.stop);
	signal.throwIfAborted();
	fillIn("DATABASE_URL", () => server.url);
	console.error("Database: the embedded one of this checkout");
	return { url: server.url, embedded: true };
}

/** Whether nobody but this machine can have anything in the database of DATABASE_URL, or of this checkout. */
export function isOnThisMachine(): boolean {
	const url = process.env.DATABASE_URL;
	// What is no address is for `openDatabase` to refuse.
	if (!url || !URL.canParse(url)) return true;
	return /^(\/.*|localhost|127\.\d+\.\d+\.\d+|::1)$/.test(new Client(url).host);
}

/** Whether somebody owns this installation. */
export async function hasOwner(url: string): Promise<boolean> {
	const client = new Client(url);
	client.on("error", () => {});
	await client.connect();
	try {
		return (await client.query("select from users where role = 'owner' limit 1")).rowCount === 1;
	} finally {
		await client.end();
	}
}

/** As whom, where and which, and not with which password. */
function nameOf(url: string): string {
	const { user, host, port, database } = new Client(url);
	return `${user ?? ""}@${host}:${port}/${database ?? ""}`;
}
