/** The environment as Next will see it, and what the scripts fill in where it is silent. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import nextEnv from "@next/env";
import { CannotStart } from "@/db/cannot-start";
import { environment } from "@/lib/environment";

/** Where the embedded database and the session secret of this checkout live. */
export const DATA_FOLDER = join(import.meta.dirname, "..", ".data");

const given = { ...process.env };
const filledIn: Record<string, string> = {};

/** Reads the `.env` files into `process.env`, in Next's order of precedence; the real environment wins. */
export function loadEnvironmentFiles(mode: "development" | "production"): void {
	nextEnv.loadEnvConfig(join(import.meta.dirname, ".."), mode === "development");
}

/** Sets a variable for this process and for Next, unless somebody has set it. */
export function fillIn(name: string, value: () => string): void {
	if (!process.env[name]) process.env[name] = filledIn[name] = value();
}

/**
 * Without what the `.env` files say: Next reads them itself, and again whenever they change. And without telemetry,
 * unless it is set: Next sends that from a process which outlives Ctrl-C.
 */
export function environmentForNext(): NodeJS.ProcessEnv {
	return { NEXT_TELEMETRY_DISABLED: "1", ...given, ...filledIn } as NodeJS.ProcessEnv;
}

/** Checks the whole environment. Throws CannotStart with a sentence for each bad variable. */
export function checkEnvironment(): void {
	try {
		environment();
	} catch (error) {
		throw new CannotStart((error as Error).message);
	}
}

/** A secret of this checkout, made at first use. For development and for trying out; a deployment brings its own. */
export function localSessionSecret(): string {
	const file = join(DATA_FOLDER, "session-secret");
	if (!existsSync(file)) {
		mkdirSync(DATA_FOLDER, { recursive: true });
		try {
			writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
		} catch (error) {
			// Another start was faster.
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
		}
	}
	return readFileSync(file, "utf8").trim();
}
