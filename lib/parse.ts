/** Input from outside, through its schema or not at all. */
import type { z } from "zod";
import { Refusal } from "./errors";

/** Parses input. Throws a Refusal "invalid" with the messages beside their fields; nested fields as "sessions.0". */
export function parse<Output>(schema: z.ZodType<Output>, input: unknown): Output {
	const result = schema.safeParse(input);
	if (result.success) return result.data;
	const problems = Map.groupBy(result.error.issues.flatMap(byField), ({ path }) => path.join("."));
	const messages = [...problems].map(([field, found]) => [field, found.map(({ message }) => message)] as const);
	const { "": general, ...fields } = Object.fromEntries(messages);
	throw new Refusal("invalid", general?.[0] ?? "Check the fields and try again.", fields);
}

interface Problem {
	path: PropertyKey[];
	message: string;
}

const NAME_LIMIT_CHARACTERS = 50;

/** An issue in terms of fields: unknown ones each by name, and for alternatives the problems of the closest one. */
function byField(issue: z.core.$ZodIssue): Problem[] {
	if (issue.code === "unrecognized_keys") {
		return issue.keys.flatMap((key) => [
			{ path: [], message: `There is no field "${key.slice(0, NAME_LIMIT_CHARACTERS)}" here.` },
			{ path: [...issue.path, key], message: "There is no such field." },
		]);
	}
	if (issue.code === "invalid_union" && issue.errors.length > 0) {
		const closest = issue.errors.reduce((best, other) => (other.length < best.length ? other : best));
		const inside = closest.flatMap(byField).filter(({ path }) => path.length > 0);
		return [issue, ...inside.map(({ path, message }) => ({ path: [...issue.path, ...path], message }))];
	}
	return [issue];
}
