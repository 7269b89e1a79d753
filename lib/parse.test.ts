import { expect, test } from "vitest";
import { z } from "zod";
import { Refusal } from "./errors";
import { parse } from "./parse";

const changeSchema = z.union(
	[
		z.strictObject({ role: z.enum(["user", "admin"], { error: "Choose a role." }) }),
		z.strictObject({ status: z.literal("suspended"), reason: z.string({ error: "Give a reason." }) }),
	],
	{ error: "Send a role or a status." },
);

function refusalOf(schema: z.ZodType, input: unknown): Refusal {
	try {
		parse(schema, input);
	} catch (error) {
		if (error instanceof Refusal) return error;
		throw error;
	}
	throw new Error("this was accepted");
}

test("what fits comes back as the schema makes it", () => {
	expect(parse(z.object({ name: z.string().trim() }), { name: " Alice ", other: 1 })).toEqual({ name: "Alice" });
});

test("every field that is wrong has its messages, nested ones by their path", () => {
	const schema = z.object({
		name: z.string({ error: "Enter a name." }),
		tags: z.array(z.string({ error: "No text." })),
	});
	expect(refusalOf(schema, { tags: ["a", 1] })).toMatchObject({
		code: "invalid",
		message: "Check the fields and try again.",
		fields: { name: ["Enter a name."], "tags.1": ["No text."] },
	});
});

test("unknown fields are named, and the long name of one is not repeated in full", () => {
	const refusal = refusalOf(z.strictObject({}), { ["x".repeat(10_000)]: 1 });
	expect(refusal.message.length).toBeLessThan(100);
	expect(refusalOf(z.strictObject({}), { admin: true })).toMatchObject({
		message: 'There is no field "admin" here.',
		fields: { admin: ["There is no such field."] },
	});
});

test("of several alternatives the closest one says what is wrong", () => {
	expect(refusalOf(changeSchema, { status: "suspended" })).toMatchObject({
		message: "Send a role or a status.",
		fields: { reason: ["Give a reason."] },
	});
	expect(refusalOf(changeSchema, { role: "king" })).toMatchObject({ fields: { role: ["Choose a role."] } });
});
