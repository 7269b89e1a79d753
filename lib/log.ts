/**
 * The one logger: structured lines on standard output. Nothing that authenticates anyone is ever passed to it, and nothing
 * that a client sent can begin a line of its own, or steer the terminal of whoever reads it (OWASP ASVS 5.0, V16.4.1).
 */
import { format } from "node:util";
import pino from "pino";
import { processWide } from "@/db/process-wide";

export const log = processWide("log", () =>
	pino({
		level: process.env.LOG_LEVEL ?? "info",
		timestamp: pino.stdTimeFunctions.isoTime,
		redact: ["*.password", "*.token", "*.cookie", "error.parameters", "error.args"],
		serializers: { error: pino.stdSerializers.err },
		hooks: { streamWrite: escapeInvisible },
	}),
);

/**
 * Notes that something was refused that a page of ours would not have asked for, or not so often: the trail of somebody
 * who tries doors (OWASP ASVS 5.0, V16.3.2 and V16.3.3). What was asked goes by without its query, which may hold a secret.
 */
export function logRefused(refused: string, facts: Record<string, unknown>): void {
	log.warn({ refused, ...facts }, "a request was refused");
}

const levels = { debug: "debug", log: "info", info: "info", warn: "warn", error: "error" } as const;
const PRINTED_LIMIT_CHARACTERS = 4_000;

/**
 * From now on, what Next and other libraries print becomes structured lines too. They print errors as they are, and the
 * message of an error may quote what a client sent, line breaks included.
 */
export function logWhatIsPrinted(): void {
	for (const [method, level] of Object.entries(levels)) {
		console[method as keyof typeof levels] = (...printed: unknown[]) => {
			log[level]({ printed: format(...printed).slice(0, PRINTED_LIMIT_CHARACTERS) }, "printed");
		};
	}
}

/** JSON escapes line feeds and the like; these it lets through: C1 controls, line separators, changes of direction. */
const INVISIBLE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escapeInvisible(line: string): string {
	return line.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
