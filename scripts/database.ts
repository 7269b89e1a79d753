/** The database that a script works on: DATABASE_URL, or the embedded one of this checkout. */
import { startEmbeddedPostgres } from "@/db/embedded";
import { checkDatabase } from "@/db/preflight";
import { DATA_FOLDER, fillIn } from "./environment";
import type { Launch } from "./launch";

/** Call it after `loadEnvironmentFiles`. Sets DATABASE_URL for this process and its children. Throws CannotStart. */
export async function openDatabase({ signal, onExit }: Launch): Promise<{ url: string; embedded: boolean }> {
	const url = process.env.DATABASE_URL;
	if (url) {
		await checkDatabase(url);
		return { url, embedded: false };
	}
	const server = await startEmbeddedPostgres({ folder: DATA_FOLDER });
	onExit(server.stop);
	signal.throwIfAborted();
	fillIn("DATABASE_URL", () => server.url);
	return { url: server.url, embedded: true };
}
