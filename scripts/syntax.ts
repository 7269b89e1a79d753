/** Walking the syntax trees of `oxc-parser`. */
import { type Node, type Program, visitorKeys } from "oxc-parser";

/** A node and everything below it; below those that `enter` refuses, nothing. */
export function* nodesIn(node: Node, enter: (node: Node) => boolean = () => true): Generator<Node, void, undefined> {
	yield node;
	if (!enter(node)) return;
	for (const key of visitorKeys[node.type] ?? []) {
		const children = [(node as unknown as Record<string, Node | Node[] | null>)[key]].flat();
		for (const child of children) if (child) yield* nodesIn(child, enter);
	}
}

/** What a module defines at its top level, by name; its default export as "default". */
export function definitionsIn(program: Program): Map<string, Node> {
	const found = new Map<string, Node>();
	for (const node of program.body) {
		const made = node.type === "ExportNamedDeclaration" ? node.declaration : node;
		if (made?.type === "ExportDefaultDeclaration") found.set("default", made.declaration);
		if (made?.type === "FunctionDeclaration" && made.id) found.set(made.id.name, made);
		if (made?.type !== "VariableDeclaration") continue;
		for (const { id, init } of made.declarations) {
			if (id.type === "Identifier") found.set(id.name, init ?? id);
		}
	}
	// `export default Page` names what was defined before.
	const named = found.get("default");
	if (named?.type === "Identifier") found.set("default", found.get(named.name) ?? named);
	return found;
}
