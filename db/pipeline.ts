/**
 * A connection that many statements share. Each is sent at once, behind those that still wait for their answers
 * (PostgreSQL documentation, 32.5 "Pipeline Mode"), and neither side takes turns. Decision 0025.
 */
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Client, type PoolClient, type QueryConfig } from "pg";
import { connectionOptions, limitStatements } from "./client";
import { processWide } from "./process-wide";

/** When connecting or a statement is not answered for so long, the connection is given up with all that is under way. */
const SILENCE_MS = 3_000;

const pipeline = processWide("pipeline", () => ({ opening: undefined as Promise<Client> | undefined }));

/**
 * For statements that are short, lock no rows and belong to no transaction: whatever is sent after one waits for it. Each
 * sees what was committed before it began.
 */
export const pipelined: Pick<NodePgDatabase, "select" | "execute"> = drizzle({ query } as PoolClient);

async function query(statement: QueryConfig, values?: unknown[]) {
	pipeline.opening ??= open();
	const { opening } = pipeline;
	try {
		return await (await opening).query(statement, values);
	} catch (error) {
		// Whatever it was: what is prepared on this connection may fit the tables no more, and would fail for ever.
		retire(opening);
		throw error;
	}
}

function open(): Promise<Client> {
	const client = new Client({
		...connectionOptions(),
		connectionTimeoutMillis: SILENCE_MS,
		query_timeout: SILENCE_MS,
		pipeline: true,
	});
	const opening = client.connect().then(async () => {
		await limitStatements(client);
		return client;
	});
	const lost = () => retire(opening);
	client.on("error", lost).on("end", lost);
	opening.catch(() => {
		lost();
		client.end().catch(() => {});
	});
	return opening;
}

/** The next statement connects anew; those that are under way are still answered, if they can be. */
function retire(opening: Promise<Client>): void {
	if (pipeline.opening !== opening) return;
	pipeline.opening = undefined;
	opening.then((client) => client.end()).catch(() => {});
}
