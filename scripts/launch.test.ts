import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";

const TIMEOUT_MS = 30_000;

describe("a script", { timeout: TIMEOUT_MS }, () => {
	test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
		"undoes at %s what it started, the last first, and says nothing else",
		async (signal) => {
			const script = run(`
				launch(async ({ signal, onExit }) => {
					onExit(() => console.log("undo 1"));
					onExit(() => console.log("undo 2"));
					setInterval(() => {}, 1000);
					console.log("running");
					await new Promise((resolve) => signal.addEventListener("abort", resolve));
					throw new Error("broke while stopping");
				});
			`);
			await script.says("running");
			script.child.kill(signal);
			expect(await script.end()).toEqual({ code: 130, output: "running\nundo 2\nundo 1\n", errors: "" });
		},
	);

	test("undoes everything, also when one of it cannot be undone, and says which", async () => {
		const script = run(`
			launch(async ({ onExit }) => {
				onExit(() => console.log("undo 1"));
				onExit(async () => { throw new Error("cannot be undone"); });
				onExit(() => console.log("undo 3"));
			});
		`);
		const { code, output, errors } = await script.end();
		expect({ code, output }).toEqual({ code: 1, output: "undo 3\nundo 1\n" });
		expect(errors).toContain("Error: cannot be undone");
	});

	test("that cannot start says why in a sentence, without a stack trace", async () => {
		const script = run(`launch(async () => { throw new CannotStart("Set this, or do that."); });`);
		expect(await script.end()).toEqual({ code: 1, output: "", errors: "Set this, or do that.\n" });
	});

	test("that breaks shows where, and undoes what it started", async () => {
		const script = run(`
			launch(async ({ onExit }) => {
				onExit(() => console.log("undo"));
				throw new Error("a bug");
			});
		`);
		const { code, output, errors } = await script.end();
		expect({ code, output }).toEqual({ code: 1, output: "undo\n" });
		expect(errors).toMatch(/Error: a bug\n\s+at /);
	});
});

function run(program: string) {
	const imports = `
		import { launch } from "./scripts/launch.ts";
		import { CannotStart } from "./db/cannot-start.ts";
	`;
	const child: ChildProcess = spawn(
		process.execPath,
		["--import", "tsx", "--input-type=module", "-e", imports + program],
		{ stdio: ["ignore", "pipe", "pipe"] },
	);
	const said = { output: "", errors: "" };
	child.stdout?.on("data", (text) => {
		said.output += text;
	});
	child.stderr?.on("data", (text) => {
		said.errors += text;
	});
	return {
		child,
		async says(words: string) {
			while (!said.output.includes(words) && child.stdout) await once(child.stdout, "data");
		},
		async end() {
			const [code] = await once(child, "close");
			return { code, ...said };
		},
	};
}
