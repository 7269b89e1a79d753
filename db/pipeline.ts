/**
 * A connection that many statements share. Each is sent at once, behind those that still wait for their answers
 * (PostgreSQL documentation, 32.5 "Pipeline Mode"): for both sides that is half the work of taking turns on the pool.
 * Decision 0025.
 */
import { drizzle } from "drizzle-orm/node-postgres";
import { Client, type PoolClient, type QueryConfig } from "pg";
import { connectionOptions, limitStatements } from "./client";
import { isOutage } from "./errors";
import { processWide } from "./process-wide";

/** When nothing is heard of a statement for so long, the connection is given up with all that is under way on it. */
const SILENCE_SECONDS = 3;

const pipeline = processWide("pipeline", () => ({ opening: undefined as Promise<Client> | undefined }));

/**
 * For statements that are short, take no locks and belong to no transaction: whatever is sent after one waits for it. Each
 * stands alone: it sees what was committed before it began, and when it fails, the others do not.
 */
export const pipelined = drizzle({ query } as PoolClient);

async function query(statement: QueryConfig, values?: unknown[]) {
	pipeline.opening ??= open();
	const { opening } = pipeline;
	try {
		return await (await opening).query(statement, values);
	} catch (error) {
		if (isOutage(error)) forget(opening);
		throw error;
	}
}

function open(): Promise<Client> {
	const client = new Client({ ...connectionOptions(), query_timeout: SILENCE_SECONDS * 1000, pipeline: true });
	const opening = client.connect().then(async () => {
		await limitStatements(client);
		return client;
	});
	const lost = () => forget(opening);
	client.on("error", lost).on("end", lost);
	opening.catch(() => {
		lost();
		client.end().catch(() => {});
	});
	return opening;
}

/** The next statement connects anew. */
function forget(opening: Promise<Client>): void {
	if (pipeline.opening === opening) pipeline.opening = undefined;
}
