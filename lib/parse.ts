/** Input from outside, through its schema or not at all. */
import { z } from "zod";
import { Refusal } from "./errors";

/** Parses input; throws a Refusal "invalid" with the messages beside their fields. */
export function parse<Output>(schema: z.ZodType<Output>, input: unknown): Output {
	const result = schema.safeParse(input);
	if (result.success) return result.data;
	const { fieldErrors, formErrors } = z.flattenError(result.error);
	const message = formErrors[0] ?? "Check the fields below and try again.";
	throw new Refusal("invalid", message, fieldErrors as Record<string, string[]>);
}
