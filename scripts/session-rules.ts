/**
 * Rules about the session that the syntax trees of `app/` and `lib/` must keep, so that it is asked for on every request
 * and by whoever serves it: no copy in a cache or in a module, no guard that does not run or that nobody waits for.
 */
import { globSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { type Node, type Program, parseSync } from "oxc-parser";
import { definitionsIn, nodesIn } from "./syntax";

/** What gives a session, or the tokens of one. */
const READS = new Set([
	"currentSession",
	"currentTokens",
	"requirePage",
	"requirePermission",
	"findSession",
	"findSessionById",
	"findSessionByRefreshToken",
	"findLiveSessions",
	"requireToken",
	"requireLiveToken",
	"tokensFromCookieHeader",
]);
const GUARDS = new Set(["requirePage", "requirePermission"]);
/** With these, a layout would guard too. */
const REFUSALS = new Set(["redirect", "permanentRedirect", "notFound", "forbidden", "unauthorized"]);
/** Ways to put something into a collection. */
const KEEPS = new Set(["set", "add", "push", "unshift", "splice", "fill"]);

/** Gives a sentence for each place below `root` that breaks a rule. */
export function sessionProblems(root: string): string[] {
	// Folders such as `.well-known` are served too, and no `**` finds them.
	const files = globSync(["{app,lib}/**/*.{ts,tsx,js,jsx}", "{app,lib}/**/.*/**/*.{ts,tsx,js,jsx}"], { cwd: root })
		.map((path) => path.split(sep).join("/"))
		.filter((file) => !/\.test\.tsx?$/.test(file) && !file.startsWith("lib/testing/"))
		.sort();
	const parsed = files.map((file) => [file, parseSync(file, readFileSync(join(root, file), "utf8")).program] as const);
	const programs = new Map(parsed);
	return parsed.flatMap(([file, program]) => problemsIn(file, program, programs));
}

function problemsIn(file: string, program: Program, programs: Map<string, Program>): string[] {
	const found = [
		...(caches(program) && reachesReads(file, programs, new Set())
			? ["it caches, and it or what it imports reads the session: that would serve one person's to others."]
			: []),
		...renamedReads(program),
		...keptSessions(program),
		...guardsNotAwaited(program),
	];
	if (/^app\/(.*\/)?(layout|template)\.\w+$|^app\/_frame\//.test(file)) found.push(...layoutGuards(program));
	if (/^app\/(.*\/)?page\.\w+$/.test(file)) found.push(...unguardedExports(program));
	return found.map((problem) => `${file}: ${problem}`);
}

/** Whether the file, or one that it imports by however many others, reads the session. */
function reachesReads(file: string, programs: Map<string, Program>, seen: Set<string>): boolean {
	const program = programs.get(file);
	if (!program || seen.has(file)) return false;
	seen.add(file);
	return (
		reads(program) || importsOf(file, program, programs).some((imported) => reachesReads(imported, programs, seen))
	);
}

/** The files of ours that run because this one imports them. */
function importsOf(file: string, program: Program, programs: Map<string, Program>): string[] {
	return nodesIn(program)
		.flatMap((node) => {
			if (node.type === "ImportDeclaration" && node.importKind !== "type") return [node.source.value];
			if (node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration") return [node.source?.value];
			if (node.type === "ImportExpression" && node.source.type === "Literal") return [node.source.value];
			return [];
		})
		.flatMap((source) => {
			if (typeof source !== "string") return [];
			const path = source.startsWith("@/") ? source.slice(2) : posix.join(posix.dirname(file), source);
			return ["", ".ts", ".tsx", ".js", ".jsx", "/index.ts", "/index.tsx"].map((ending) => path + ending);
		})
		.filter((path) => programs.has(path))
		.toArray();
}

/** These rules go by names, so what they look for must keep its own. */
function renamedReads(program: Program): string[] {
	return nodesIn(program)
		.filter(
			(node) =>
				node.type === "ImportSpecifier" &&
				node.imported.type === "Identifier" &&
				node.imported.name !== node.local.name &&
				READS.has(node.imported.name),
		)
		.map(() => "it reads the session under another name.")
		.toArray();
}

/** Whether anything in the file is kept across requests by Next: "use cache" in all its forms, or `unstable_cache`. */
function caches(program: Program): boolean {
	return nodesIn(program).some(
		(node) =>
			(node.type === "ExpressionStatement" && "directive" in node && /^use cache\b/.test(node.directive ?? "")) ||
			calls(node, (name) => name === "unstable_cache"),
	);
}

function reads(node: Node): boolean {
	return nodesIn(node).some((each) => calls(each, (name) => READS.has(name)));
}

/** Sessions that outlive the request: read when the module is loaded, or put into something that belongs to it. */
function keptSessions(program: Program): string[] {
	const kept: string[] = [];
	const ofModule = new Set(definitionsIn(program).keys());
	const fromSession = namesFromSession(program);
	const holds = (node: Node | null | undefined): boolean =>
		node !== null &&
		node !== undefined &&
		nodesIn(node).some(
			(each) => calls(each, (name) => READS.has(name)) || (each.type === "Identifier" && fromSession.has(each.name)),
		);
	for (const node of outsideOfFunctions(program)) {
		if (calls(node, (name) => READS.has(name))) kept.push("it reads the session when the module is loaded.");
	}
	for (const node of nodesIn(program)) {
		if (node.type === "AssignmentExpression" && belongs(node.left, ofModule) && holds(node.right)) {
			kept.push("it keeps a session in a variable of the module.");
		}
		if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") continue;
		const { object, property } = node.callee;
		const keeps = property.type === "Identifier" && KEEPS.has(property.name);
		if (keeps && belongs(object, ofModule) && node.arguments.some(holds)) {
			kept.push("it keeps a session in a collection of the module.");
		}
	}
	return kept;
}

/** The variables inside of functions that are made of a session. */
function namesFromSession(program: Program): Set<string> {
	const names = new Set<string>();
	for (const node of nodesIn(program)) {
		if (node.type !== "VariableDeclarator" || node.init?.type !== "AwaitExpression") continue;
		if (!calls(node.init.argument, (name) => READS.has(name))) continue;
		for (const part of nodesIn(node.id)) if (part.type === "Identifier") names.add(part.name);
	}
	return names;
}

/** Whether `a`, `a.b` and `a[b].c` begin with a name of the module, or with what all modules share. */
function belongs(node: Node, ofModule: Set<string>): boolean {
	if (node.type === "MemberExpression") return belongs(node.object, ofModule);
	if (node.type === "CallExpression")
		return belongs(node.callee, ofModule) || calls(node, (name) => name === "processWide");
	return node.type === "Identifier" && (ofModule.has(node.name) || node.name === "globalThis");
}

/** A guard that nobody waits for lets everyone in. */
function guardsNotAwaited(program: Program): string[] {
	const awaited = new Set<Node>();
	for (const node of nodesIn(program)) {
		if (node.type === "AwaitExpression") awaited.add(node.argument);
		if (node.type === "ReturnStatement" && node.argument) awaited.add(node.argument);
		if (node.type === "ArrowFunctionExpression") awaited.add(node.body);
	}
	return nodesIn(program)
		.filter((node) => calls(node, (name) => GUARDS.has(name)) && !awaited.has(node))
		.map(() => "it does not await its guard.")
		.toArray();
}

/** A layout does not run again on navigation. It may read the session to show who is there, and that is all. */
function layoutGuards(program: Program): string[] {
	return nodesIn(program)
		.filter((node) => calls(node, (name) => GUARDS.has(name) || REFUSALS.has(name)))
		.map(() => "a layout does not run again on navigation, so it cannot guard.")
		.toArray();
}

/** In a page that has a guard, everything that Next calls must come by it: the title is made beside the page. */
function unguardedExports(program: Program): string[] {
	if (!nodesIn(program).some((node) => calls(node, (name) => GUARDS.has(name)))) return [];
	const definitions = definitionsIn(program);
	return ["default", "generateMetadata", "generateViewport"]
		.filter((name) => {
			const definition = definitions.get(name);
			return definition && !comesByGuard(definition, definitions, new Set());
		})
		.map((name) => `its ${name === "default" ? "component" : name} does not come by the guard.`);
}

function comesByGuard(node: Node, definitions: Map<string, Node>, seen: Set<Node>): boolean {
	if (seen.has(node)) return false;
	seen.add(node);
	return nodesIn(node).some((each) => {
		if (each.type !== "CallExpression" || each.callee.type !== "Identifier") return false;
		if (GUARDS.has(each.callee.name)) return true;
		const definition = definitions.get(each.callee.name);
		return definition !== undefined && comesByGuard(definition, definitions, seen);
	});
}

/** What runs when the module is loaded. */
function* outsideOfFunctions(program: Program): Generator<Node, void, undefined> {
	yield* nodesIn(program, (node) => !/Function/.test(node.type) && node.type !== "MethodDefinition");
}

/** Whether the node calls what is meant, by itself or as a part of something: `find()`, `sessions.find()`. */
function calls(node: Node, isMeant: (name: string) => boolean): boolean {
	if (node.type !== "CallExpression") return false;
	const { callee } = node;
	if (callee.type === "Identifier") return isMeant(callee.name);
	return callee.type === "MemberExpression" && callee.property.type === "Identifier" && isMeant(callee.property.name);
}
