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

const HOSTILE =
	'quoted"\r\n{"level":30,"msg":"forged"}\u001b[31mred\u009b31m\u0085\u2028\u2029\u202e\u2066\u007f\u0000';

/** What a process of its own writes, that logs the hostile text in every way there is. */
function linesOf(code: string, level = "trace"): string[] {
	const script = `import { log, logWhatIsPrinted } from "./lib/log"; const hostile = ${JSON.stringify(HOSTILE)}; ${code}`;
	const flags = ["--import", "tsx", "--input-type=module-typescript", "--eval", script];
	const output = execFileSync(process.execPath, flags, { env: { ...process.env, LOG_LEVEL: level } });
	return output.toString().split("\n").slice(0, -1);
}

test("line breaks, escapes and changes of direction stay inside one structured line", () => {
	const lines = linesOf(`
		log.info({ path: hostile, [hostile]: 1 }, hostile);
		log.error({ error: new Error(hostile) }, "a request failed");
		logWhatIsPrinted();
		console.error("⨯", new Error(hostile), hostile);
		console.log("%s", hostile);
		console.warn("x".repeat(100_000));
	`);
	expect(lines).toHaveLength(5);
	for (const line of lines) {
		expect(line).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
		expect(JSON.parse(line).msg).not.toBe("forged");
		expect(line.length).toBeLessThan(10_000);
	}
	expect(JSON.parse(lines[0] ?? "")).toMatchObject({ path: HOSTILE, msg: HOSTILE });
	expect(JSON.parse(lines[2] ?? "")).toMatchObject({ level: 50, printed: expect.stringContaining("⨯ Error: quoted") });
});

test("what is printed obeys the level of the log", () => {
	expect(linesOf('logWhatIsPrinted(); console.error("nothing"); console.log("nothing");', "silent")).toEqual([]);
});

test("passwords, tokens and cookies are left out wherever they are passed by name", () => {
	const [line = ""] = linesOf('log.info({ form: { password: "abcdefgh", token: "ijklmnop", cookie: "qrstuvwx" } });');
	expect(line).not.toMatch(/abcdefgh|ijklmnop|qrstuvwx/);
});
