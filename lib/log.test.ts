import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

/** What a process of its own writes to standard output while it runs this. */
function written(code: string): string {
	const program = `import { log, logRefused } from "./lib/log.ts"; ${code}`;
	const environment = { ...process.env, LOG_LEVEL: "info" };
	const options = { cwd: join(import.meta.dirname, ".."), env: environment, encoding: "utf8" } as const;
	return execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], options);
}

test("every line is JSON with its time in UTC, its level, its process and its machine", () => {
	const line = JSON.parse(written(`log.info({ session: "1" }, "hello")`));
	expect(line).toMatchObject({ level: 30, msg: "hello", session: "1" });
	expect(line).toMatchObject({ pid: expect.any(Number), hostname: expect.any(String) });
	expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	expect(new Date(line.time).getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test("line breaks, quotes and escapes that somebody sends stay inside of their one line", () => {
	const sent = '\n{"level":60,"msg":"forged"}\r\n\u001b[2J\u2028"},{"';
	const lines = written(`logRefused("foreign-origin", { origin: ${JSON.stringify(sent)} })`)
		.trimEnd()
		.split("\n");
	expect(lines).toHaveLength(1);
	expect(lines[0]).not.toContain("\u001b");
	expect(JSON.parse(lines[0] as string)).toMatchObject({ refused: "foreign-origin", origin: sent });
});
