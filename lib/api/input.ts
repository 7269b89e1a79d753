/** Reading what a request sent: strictly, within bounds, and saying what is wrong with it. */
import { z } from "zod";
import { Refusal } from "@/lib/errors";

const BODY_LIMIT_BYTES = 65_536;

export const NO_PARAMETERS = z.strictObject({});

export const idField = z.uuid({ error: "That is not an id." });

/** The parameters of a route that ends in `[id]`, or has it on the way. */
export const idParams = z.strictObject({ id: idField });

/** The query string as an object. A parameter that is given twice is refused: readers differ on which one counts. */
export function queryFields(parameters: URLSearchParams): Record<string, string> {
	const repeated = [...new Set(parameters.keys())].filter((name) => parameters.getAll(name).length > 1);
	if (repeated.length > 0) {
		const fields = Object.fromEntries(repeated.map((name) => [name, ["Give this parameter once."]]));
		throw new Refusal("invalid", "A parameter was given more than once: see `errors`.", fields);
	}
	return Object.fromEntries(parameters);
}

/** The JSON body, not yet parsed by any schema. */
export async function readJson(request: Request): Promise<unknown> {
	const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
	if (type !== "application/json") throw new Refusal("unsupported-media-type", "Send JSON, as application/json.");
	const text = await readText(request);
	try {
		return JSON.parse(text);
	} catch {
		throw new Refusal("invalid", "The body is not valid JSON.");
	}
}

/** Throws a Refusal "invalid" if there is a body: whoever sends one expects it to matter. */
export async function refuseBody(request: Request): Promise<undefined> {
	if ((await readText(request)) !== "") throw new Refusal("invalid", "This takes no body.");
}

/**
 * Reads as it arrives, so that nobody makes us hold more than the limit, whatever length they say that it has. Throws a
 * Refusal "too-large", or "invalid" for what is not UTF-8.
 */
export async function readText(request: Request): Promise<string> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of request.body ?? []) {
		bytes += chunk.byteLength;
		if (bytes > BODY_LIMIT_BYTES) throw new Refusal("too-large", `Send at most ${BODY_LIMIT_BYTES} bytes.`);
		chunks.push(chunk);
	}
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
	} catch {
		throw new Refusal("invalid", "The body is not valid UTF-8.");
	}
}
