/** What the build serves, as Next itself wrote it down: unlike a list of our own, this cannot forget anything. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build";

export interface BuiltAction {
	/** By which a request names it. */
	id: string;
	/** As in lib/permissions/surfaces.ts. */
	key: string;
	/** The routes whose pages use it. */
	pages: string[];
}

/** Routes of pages, such as "/admin/users/[id]". */
export function builtPages(): string[] {
	return routesEndingIn("/page");
}

/** Routes of handlers. Those that were answered at build time (an icon) know no request, and so nobody's data. */
export function builtHandlers(): string[] {
	const { routes } = manifest("prerender-manifest.json") as { routes: Record<string, unknown> };
	return routesEndingIn("/route").filter((route) => !(route in routes));
}

/** Every server action. */
export function builtActions(): BuiltAction[] {
	const { node, edge } = manifest("server/server-reference-manifest.json") as Record<string, Record<string, Reference>>;
	return Object.entries({ ...node, ...edge }).map(([id, { filename, exportedName, workers }]) => ({
		id,
		key: `${filename} ${exportedName}`,
		pages: Object.keys(workers).map((worker) => routeOf(worker.replace(/^app/, ""))),
	}));
}

interface Reference {
	filename: string;
	exportedName: string;
	workers: Record<string, unknown>;
}

/** The id of one action. */
export function actionId(exportedName: string): string {
	const found = builtActions().find(({ key }) => key.endsWith(` ${exportedName}`));
	if (!found) throw new Error(`the build has no action ${exportedName}`);
	return found.id;
}

/** Pages of the router that we do not use; Next brings an error page in it. */
export function builtLegacyPages(): string[] {
	return Object.keys(manifest("server/pages-manifest.json"));
}

function routesEndingIn(kind: "/page" | "/route"): string[] {
	return Object.keys(manifest("server/app-paths-manifest.json"))
		.filter((path) => path.endsWith(kind) && !path.startsWith("/_"))
		.map(routeOf)
		.sort();
}

/** "/(app)/settings/profile/page" is "/settings/profile": groups and slots are no part of the address. */
function routeOf(path: string): string {
	const segments = path.split("/").slice(1, -1);
	return `/${segments.filter((segment) => !/^[(@]/.test(segment)).join("/")}`;
}

const manifest = (path: string) => JSON.parse(readFileSync(join(ROOT, ".next", path), "utf8"));
