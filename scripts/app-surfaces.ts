/** Reads from the syntax trees of `app/` and `lib/` what can be reached from outside, and which permission guards it. */
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { type Node, type Program, parseSync } from "oxc-parser";
import { nodesIn } from "./syntax";

export interface Surface {
	kind: "page" | "handler" | "action";
	/** As in lib/permissions/surfaces.ts: "/admin/users/[id]", "GET /api/session", "app/…/actions.ts signInAction". */
	key: string;
	file: string;
	/** The permissions that it asks for, as far as they are written out. */
	permissions: string[];
}

export interface Found {
	surfaces: Surface[];
	/** What cannot be read off, or may not be, with the file. */
	problems: string[];
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Finds every page, route handler and server action below a folder that has an `app` in it. */
export function findSurfaces(root: string): Found {
	const found: Found = { surfaces: [], problems: [] };
	for (const folder of globSync("{pages,src/app,src/pages}", { cwd: root })) {
		found.problems.push(`${folder}: Next serves this folder too, but only \`app\` is looked through here.`);
	}
	// Folders such as `.well-known` are served too, and no `**` finds them.
	const files = ["{app,lib}/**/*.{ts,tsx,js,jsx}", "{app,lib}/**/.*/**/*.{ts,tsx,js,jsx}"];
	for (const path of globSync(files, { cwd: root }).sort()) {
		const source = readFileSync(join(root, path), "utf8");
		const file = path.split(sep).join("/");
		if (/\.test\.tsx?$/.test(file)) continue;
		const name = basename(file).replace(/\.\w+$/, "");
		const special = file.startsWith("app/") && ["page", "route"].includes(name);
		if (special || source.includes("use server")) readFile(file, special ? name : "", source, found);
	}
	return found;
}

function readFile(file: string, name: string, source: string, { surfaces, problems }: Found): void {
	const { program, errors } = parseSync(file, source);
	if (errors.length > 0) problems.push(`${file}: ${errors[0]?.message}`);
	if (name === "page") {
		surfaces.push({ kind: "page", key: routeOf(file), file, permissions: permissionsIn(program) });
	}
	if (name === "route") {
		for (const [key, node] of exportsOf(file, program, problems)) {
			if (!METHODS.has(key)) continue;
			surfaces.push({ kind: "handler", key: `${key} ${routeOf(file)}`, file, permissions: permissionsIn(node) });
		}
	}
	if (isMarked(program.body)) {
		for (const [key, node] of exportsOf(file, program, problems)) {
			surfaces.push({ kind: "action", key: `${file} ${key}`, file, permissions: permissionsIn(node) });
		}
	}
	if (hasInlineAction(program))
		problems.push(`${file}: a server action belongs into a file that begins with "use server".`);
}

/** "app/(app)/settings/page.tsx" is "/settings": groups and slots are no part of the address. */
function routeOf(file: string): string {
	const segments = dirname(file).split("/").slice(1);
	return `/${segments.filter((segment) => !/^[(@]/.test(segment)).join("/")}`;
}

/** What a module exports, by name. Only what is made where it is exported can be judged; the rest is a problem. */
function exportsOf(file: string, program: Program, problems: string[]): Map<string, Node> {
	const found = new Map<string, Node>();
	const unreadable = (what: string) =>
		problems.push(`${file}: ${what} is exported from where its guard cannot be seen.`);
	for (const node of program.body) {
		if (node.type === "ExportAllDeclaration" && node.exportKind !== "type") unreadable("everything");
		if (node.type === "ExportDefaultDeclaration") unreadable("the default");
		if (node.type !== "ExportNamedDeclaration" || node.exportKind === "type") continue;
		for (const { exported, exportKind } of node.specifiers) {
			if (exportKind !== "type") unreadable("name" in exported ? exported.name : exported.value);
		}
		const made = node.declaration;
		if (made?.type === "FunctionDeclaration" && made.id) found.set(made.id.name, made);
		if (made?.type === "VariableDeclaration") {
			for (const { id, init } of made.declarations) {
				if (id.type === "Identifier" && init) found.set(id.name, init);
				else unreadable("a pattern");
			}
		}
	}
	return found;
}

/** The literal permissions in calls of `requirePage`, `requirePermission`, `endpoint({ permission })` and its kin inside a node. */
function permissionsIn(root: Node): string[] {
	const permissions = new Set<string>();
	for (const node of nodesIn(root)) {
		if (node.type !== "CallExpression" || node.callee.type !== "Identifier") continue;
		const argument = node.arguments[0];
		const { name } = node.callee;
		if (name === "requirePage" || name === "requirePermission") permissions.add(literal(argument));
		if (name === "tokenEndpoint") permissions.add(`token:${literal(property(argument, "permission"))}`);
		if (name === "endpoint") permissions.add(literal(property(argument, "permission")));
	}
	permissions.delete("public");
	return [...permissions];
}

function property(object: Node | undefined, name: string): Node | undefined {
	if (object?.type !== "ObjectExpression") return undefined;
	const found = object.properties.find(
		(entry) => entry.type === "Property" && entry.key.type === "Identifier" && entry.key.name === name,
	);
	return found?.type === "Property" ? found.value : undefined;
}

const literal = (node: Node | undefined) =>
	node?.type === "Literal" && typeof node.value === "string" ? node.value : "one that is not written out";

function hasInlineAction(program: Program): boolean {
	return nodesIn(program).some((node) => node.type === "BlockStatement" && isMarked(node.body));
}

function isMarked(body: Node[]): boolean {
	return body.some(
		(node) => node.type === "ExpressionStatement" && "directive" in node && node.directive === "use server",
	);
}
