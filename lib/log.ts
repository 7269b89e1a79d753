/** The one logger: structured lines on standard output. Nothing that authenticates anyone is ever passed to it. */
import pino from "pino";
import { processWide } from "@/db/process-wide";

export const log = processWide("log", () =>
	pino({
		level: process.env.LOG_LEVEL ?? "info",
		timestamp: pino.stdTimeFunctions.isoTime,
		redact: ["*.password", "*.token", "*.cookie", "error.parameters", "error.args"],
		serializers: { error: pino.stdSerializers.err },
	}),
);

/**
 * Notes that something was refused that a page of ours would not have asked for, or not so often: the trail of somebody
 * who tries doors (OWASP ASVS 5.0, V16.3.2 and V16.3.3). What was asked goes by without its query, which may hold a secret.
 */
export function logRefused(refused: string, facts: Record<string, unknown>): void {
	log.warn({ refused, ...facts }, "a request was refused");
}
