/** The one logger: structured lines on standard output. Nothing that authenticates anyone is ever passed to it. */
import pino from "pino";
import { processWide } from "@/db/process-wide";

export const log = processWide("log", () =>
	pino({
		level: process.env.LOG_LEVEL ?? "info",
		redact: ["*.password", "*.token", "*.cookie", "error.parameters", "error.args"],
		serializers: { error: pino.stdSerializers.err },
	}),
);
