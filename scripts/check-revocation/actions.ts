/** Server actions without a page: what a form of the production build sends when it is submitted. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ask } from "./ask";

/** Gives the request that runs an action of the build in `folder`, by the action's name and the page that has it. */
export function actionsOf(folder: string) {
	const file = join(folder, ".next", "server", "server-reference-manifest.json");
	const { node } = JSON.parse(readFileSync(file, "utf8")) as { node: Record<string, { exportedName: string }> };
	const ids = new Map(Object.entries(node).map(([id, { exportedName }]) => [exportedName, id]));

	return (name: string, path: string, fields: Record<string, string>): Ask => {
		const id = ids.get(name);
		if (!id) throw new Error(`${file} has no action ${name}: did Next change its format?`);
		// React's encoding of the arguments (previous, form): "$K1" stands for the fields whose names begin with "_1_".
		const body = new FormData();
		for (const [field, value] of Object.entries(fields)) body.append(`_1_${field}`, value);
		body.append("0", '[null,"$K1"]');
		return { method: "POST", path, headers: { "Next-Action": id, Accept: "text/x-component" }, body };
	};
}

export type Actions = ReturnType<typeof actionsOf>;
