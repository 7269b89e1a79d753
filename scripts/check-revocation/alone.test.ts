import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { enterAlone } from "./alone";

const aFolder = () => `/checkouts/${crypto.randomUUID()}`;

test("only one run is in a folder, until it leaves", async () => {
	const folder = aFolder();
	const leave = await enterAlone(folder);
	await expect(enterAlone(folder)).rejects.toThrow("Another check:revocation is running in this checkout.");
	const leaveElsewhere = await enterAlone(aFolder());
	await leave();
	const leaveAgain = await enterAlone(folder);
	await Promise.all([leaveAgain(), leaveElsewhere()]);
});

test("a run that was killed keeps nobody out", { timeout: 30_000 }, async () => {
	const folder = aFolder();
	const program = `
		import { enterAlone } from "./scripts/check-revocation/alone.ts";
		await enterAlone(${JSON.stringify(folder)});
		console.log("in");
		setInterval(() => {}, 1000);
	`;
	const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program]);
	await once(child.stdout, "data");
	await expect(enterAlone(folder)).rejects.toThrow("Another check:revocation");
	child.kill("SIGKILL");
	await once(child, "exit");
	await (await enterAlone(folder))();
});
