/**
 * Homes outside the checkout, for root in a place that PostgreSQL's own user cannot enter. `folder/postgres` is then a
 * link to the home, and the home's file `folder` says whose it is. A home that nothing links to any more is removed.
 */
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
	chmodSync,
	cpSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CannotStart } from "./cannot-start";
import type { EmbeddedHome } from "./embedded-home";
import { stopServer } from "./embedded-server";

/** The first that root may write to and the server's user may enter. Temporary folders come last: they are swept. */
const CANDIDATES = ["/var/lib", "/var/tmp", "/tmp"];

/** Since the last start. A folder that is gone may only have been moved, or lie on a volume that is not mounted. */
const ABANDONED_AFTER_HOURS = { unlinked: 24, gone: 30 * 24 };

export interface ServerUser {
	name: string;
	uid: number;
	gid: number;
}

/** The home that `folder/postgres` links to; makes the link when there is none. */
export async function homeElsewhere(folder: string, found: EmbeddedHome, user: ServerUser): Promise<string> {
	const base = outside(user);
	const link = join(folder, "postgres");
	if (existsSync(link) && !linkTarget(link)) {
		throw new CannotStart(
			`PostgreSQL runs as the user ${user.name}, who can no longer enter ${link}: ` +
				"open the folders above it (chmod o+x), or delete it to start afresh.",
		);
	}
	if (belongsToAnother(link, folder)) rmSync(link);
	const home = linkTarget(link) ?? makeLink(link, join(base, randomUUID()));
	// A checkout that was moved brings its data along.
	if (existsSync(home)) writeFileSync(join(home, "folder"), folder);
	await removeAbandoned(base, found);
	return home;
}

/** A checkout that was copied brings a link to the data of the original, which keeps them. */
function belongsToAnother(link: string, folder: string): boolean {
	const home = linkTarget(link);
	const owner = home && ownerOf(home);
	return Boolean(owner && owner !== folder && linkTarget(join(owner, "postgres")) === home);
}

function makeLink(link: string, home: string): string {
	try {
		symlinkSync(home, link);
		return home;
	} catch (error) {
		// Another start in this checkout was faster.
		const made = linkTarget(link);
		if (made) return made;
		throw error;
	}
}

/** A copy of PostgreSQL's programs, shared by all checkouts that need it. */
export function programsElsewhere(programs: string, user: ServerUser): string {
	const native = dirname(programs);
	const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8")) as { version: string };
	const copy = join(outside(user), `programs-${version}`);
	if (!existsSync(copy)) {
		const draft = `${copy}.new-${randomUUID()}`;
		cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
		spawnSync("chmod", ["-R", "a+rX", draft]);
		try {
			renameSync(draft, copy);
		} catch (error) {
			rmSync(draft, { recursive: true, force: true });
			if (!existsSync(copy)) throw error;
		}
	}
	return join(copy, "bin");
}

/** A folder of root's own, that nobody else can have prepared. */
function outside(user: ServerUser): string {
	for (const candidate of CANDIDATES) {
		const base = join(candidate, "kickoff-embedded-postgres");
		try {
			mkdirSync(base, { recursive: true });
			const { uid, mode } = lstatSync(base);
			if (!lstatSync(base).isDirectory() || uid !== 0 || mode & 0o022) continue;
			chmodSync(base, 0o755);
			if (canReach(user, base)) return realpathSync(base);
		} catch {
			// Read-only: try the next.
		}
	}
	throw new CannotStart(
		`PostgreSQL does not run as root, and the user ${user.name} cannot enter this checkout: move it, or set DATABASE_URL.`,
	);
}

/** Removes the homes below `base` that nothing has linked to for long enough. */
export async function removeAbandoned(base: string, found: EmbeddedHome): Promise<void> {
	for (const name of readdirSync(base)) {
		const path = join(base, name);
		const folder = ownerOf(path);
		if (!folder || linkTarget(join(folder, "postgres")) === path) continue;
		if (hoursSinceStart(path) < ABANDONED_AFTER_HOURS[existsSync(folder) ? "unlinked" : "gone"]) continue;
		await stopServer({ ...found, path });
		rmSync(path, { recursive: true, force: true });
	}
}

function hoursSinceStart(home: string): number {
	const log = statSync(join(home, "log"), { throwIfNoEntry: false });
	return log ? (Date.now() - log.mtimeMs) / 3_600_000 : 0;
}

function ownerOf(home: string): string | undefined {
	try {
		return readFileSync(join(home, "folder"), "utf8");
	} catch {
		return undefined;
	}
}

function linkTarget(link: string): string | undefined {
	try {
		return readlinkSync(link);
	} catch {
		return undefined;
	}
}

/** Whether the user may pass every folder on the way to `path`, and enter or run `path` itself. */
export function canReach(user: ServerUser, path: string): boolean {
	const { mode, uid, gid } = statSync(path);
	const mayPass = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001;
	const parent = dirname(path);
	return Boolean(mayPass) && (parent === path || canReach(user, parent));
}
