/** Reads the titles of tests from the syntax trees of their files. */
import { readFileSync } from "node:fs";
import { type Node, parseSync } from "oxc-parser";
import { nodesIn } from "./syntax";

/** The titles of the tests and groups in a file. What is filled in when the tests run is a wildcard. */
export function titlesIn(path: string): string[][] {
	const { program } = parseSync(path, readFileSync(path, "utf8"));
	return [...nodesIn(program)].flatMap((node) => {
		if (node.type !== "CallExpression" || !isTest(node.callee)) return [];
		const title = fixedParts(node.arguments[0]);
		return title ? [title] : [];
	});
}

/** Whether the title that a page gives is one of these: word for word, with anything in place of the wildcards. */
export function isAmong(title: string, titles: string[][]): boolean {
	return titles.some(
		(parts) => parts.join("").trim() !== "" && new RegExp(`^${parts.map(escaped).join(".+")}$`).test(title),
	);
}

/** `test`, `test.each(…)`, `describe`, `test.describe` and the like. */
function isTest(callee: Node): boolean {
	if (callee.type === "Identifier") return ["test", "describe"].includes(callee.name);
	if (callee.type === "MemberExpression") return isTest(callee.object);
	return callee.type === "CallExpression" && isTest(callee.callee);
}

/** A title without what is filled in: by a template, or by `%s` and `$name` of `test.each`. */
function fixedParts(node: Node | undefined): string[] | undefined {
	const placeholders = /%[sdifjo]|\$[a-z][\w.]*/i;
	if (node?.type === "Literal" && typeof node.value === "string") return node.value.split(placeholders);
	if (node?.type !== "TemplateLiteral") return undefined;
	return node.quasis.flatMap(({ value }) => (value.cooked ?? "").split(placeholders));
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
