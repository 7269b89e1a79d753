/** The production build that the tests and the checker run against. */
import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");
const BUILD = join(ROOT, ".next");

/** Builds, unless nothing has changed since the last build. */
export function ensureBuild(): void {
	if (!isUpToDate(BUILD)) build(ROOT);
}

/** Whether a build was made after the last change to anything that goes into it. */
export function isUpToDate(folder: string): boolean {
	const stamp = join(folder, "BUILD_ID");
	return existsSync(stamp) && statSync(stamp).mtimeMs > newestSource();
}

/** Runs `next build` in the folder. What it says goes to standard error; quietly, only if it fails. */
export function build(folder: string, how?: "quietly"): void {
	const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
	const output: "pipe" | number = how === "quietly" ? "pipe" : 2;
	const options = {
		cwd: folder,
		stdio: ["ignore", output, output],
		encoding: "utf8",
	} satisfies SpawnSyncOptionsWithStringEncoding;
	const { status, stdout, stderr } = spawnSync(process.execPath, [next, "build"], options);
	if (status !== 0) throw new Error(`The build failed.\n${stdout ?? ""}${stderr ?? ""}`);
}

/** When anything that goes into the build was last changed, in milliseconds. */
function newestSource(): number {
	const folders = ["app", "lib", "db"].filter((folder) => existsSync(join(ROOT, folder)));
	const below = folders.flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).map((entry) =>
			join(entry.parentPath, entry.name),
		),
	);
	const beside = readdirSync(ROOT, { withFileTypes: true })
		.filter((entry) => entry.isFile() && !/^next-env|tsbuildinfo$|^\.env|\.md$|^playwright/.test(entry.name))
		.map((entry) => join(ROOT, entry.name));
	return Math.max(...[...below, ...beside].map((path) => statSync(path).mtimeMs));
}

/** A copy of the build with `proxy.ts` taken out; gives its folder, inside of the checkout for the sake of node_modules. */
export function buildWithoutProxy(): string {
	const folder = join(ROOT, ".data", "e2e", "without-proxy");
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	cpSync(BUILD, join(folder, ".next"), {
		recursive: true,
		filter: (path) => ![join(BUILD, "cache"), join(BUILD, "dev")].includes(path),
	});
	for (const name of readdirSync(ROOT)) {
		if (!/^(\.|node_modules$|package-lock|next-env)/.test(name)) symlinkSync(join(ROOT, name), join(folder, name));
	}
	const manifest = join(folder, ".next", "server", "functions-config-manifest.json");
	const { functions, ...rest } = JSON.parse(readFileSync(manifest, "utf8"));
	if (!functions["/_middleware"]) throw new Error(`${manifest} has no proxy to take out: did Next change its format?`);
	delete functions["/_middleware"];
	writeFileSync(manifest, JSON.stringify({ ...rest, functions }));
	return folder;
}
