/** Which browsers the tests drive: Playwright's own Chromium, else one that the system has, else one that we install. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type LaunchOptions } from "@playwright/test";

/** It opens a page in a quarter of the time, and is what Playwright's own Chromium is for tests. */
const SHELL = "chromium-headless-shell";
const WHOLE = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];
const APPLICATIONS = [
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
	"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** The path of a browser on this system; undefined stands for Playwright's own. */
export function findBrowser(): string | undefined {
	return isOwnThere() ? undefined : find([SHELL, ...WHOLE]);
}

/** How to launch a browser that keeps pages as they were for Back, which the headless shell cannot. */
export function keepingPages(): LaunchOptions {
	const whole = isOwnThere() ? { channel: "chromium" } : { executablePath: find(WHOLE) };
	// Playwright turns that off otherwise.
	return { ...whole, ignoreDefaultArgs: ["--disable-back-forward-cache"] };
}

const isOwnThere = () => existsSync(chromium.executablePath());

function find(names: string[]): string | undefined {
	const folders = (process.env.PATH ?? "").split(":");
	const commands = folders.flatMap((folder) => names.map((name) => join(folder, name)));
	return [...commands, ...APPLICATIONS].find(existsSync);
}

/** Installs browsers if they are missing. Throws when that cannot be done. */
export function ensureBrowser(): void {
	if (areThere()) return;
	const isRoot = process.getuid?.() === 0;
	const playwright = createRequire(import.meta.url).resolve("@playwright/test/cli");
	run(process.execPath, [playwright, "install", ...(isRoot ? ["--with-deps"] : []), "chromium"]);
	if (areThere()) return;
	if (isRoot && existsSync("/usr/bin/apt-get")) {
		run("apt-get", ["update"]);
		// Not every release has the shell.
		for (const name of [SHELL, "chromium"]) run("apt-get", ["install", "--yes", "--no-install-recommends", name]);
	}
	if (!areThere()) throw new Error("The tests need a browser: install Chromium or Chrome, then run them again.");
}

const areThere = () => isOwnThere() || find(WHOLE) !== undefined;

/** What it says goes to standard error: standard output is how our own caller learns that we are ready. */
function run(command: string, flags: string[]): void {
	spawnSync(command, flags, {
		stdio: ["ignore", 2, 2],
		env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
	});
}
