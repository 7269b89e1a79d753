/**
 * Before every build: whatever can be reached from outside must be listed in lib/permissions/surfaces.ts and ask for the
 * permission that is listed there, and nothing may be listed that does not exist. And the rules about the session hold.
 */
import { join } from "node:path";
import * as listed from "@/lib/permissions/surfaces";
import { findSurfaces, type Surface } from "./app-surfaces";
import { sessionProblems } from "./session-rules";

type Lists = Pick<typeof listed, "pages" | "handlers" | "actions">;

const listOf = { page: "pages", handler: "handlers", action: "actions" } as const;

/** Gives a sentence for each disagreement between the code below `root` and the lists. */
export function surfaceProblems(root: string, lists: Lists): string[] {
	const { surfaces, problems } = findSurfaces(root);
	const existing = new Set(surfaces.map(({ kind, key }) => `${listOf[kind]} ${key}`));
	for (const list of Object.values(listOf)) {
		for (const key of Object.keys(lists[list])) {
			if (!existing.has(`${list} ${key}`)) problems.push(`"${key}" is listed in \`${list}\`, but does not exist.`);
		}
	}
	return [...problems, ...surfaces.flatMap((surface) => disagreement(surface, lists))];
}

function disagreement({ kind, key, file, permissions }: Surface, lists: Lists): string[] {
	const access = lists[listOf[kind]][key];
	if (!access) return [`${file}: "${key}" is not in \`${listOf[kind]}\`: decide there who may reach it.`];
	const wanted = ["public", "signed-out", "client"].includes(access) ? "" : access;
	const asked = permissions.join(", ");
	if (asked === wanted) return [];
	return [`${file}: "${key}" is listed as ${access}, but asks for ${asked || "no permission"}.`];
}

if (import.meta.main) {
	const root = join(import.meta.dirname, "..");
	const disagreements = surfaceProblems(root, listed);
	if (disagreements.length > 0) {
		console.error(`The code and lib/permissions/surfaces.ts disagree:\n\n${disagreements.join("\n")}\n`);
	}
	const broken = sessionProblems(root);
	if (broken.length > 0) console.error(`A rule about the session is broken:\n\n${broken.join("\n")}\n`);
	if (disagreements.length + broken.length > 0) process.exit(1);
}
