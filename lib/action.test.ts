import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type ActionResult, formAction } from "./action";
import { duringRequest, requestAs } from "./testing/request";

const schema = z.object({ name: z.string(), chosen: z.array(z.string()).optional() });
let taken: unknown;
const action = formAction(schema, async (input) => {
	taken = input;
	return "Done.";
});

function form(entries: [string, string][]): FormData {
	const data = new FormData();
	for (const [name, value] of entries) data.append(name, value);
	return data;
}

function send(entries: [string, string][], headers: Record<string, string> = {}): Promise<ActionResult> {
	return duringRequest(requestAs(null, "/", { method: "POST", headers }), () => action(null, form(entries)));
}

describe("a server action", () => {
	test("gets the form's fields, a list for a name that occurs several times, and none of Next's own", async () => {
		const entries: [string, string][] = [
			["name", "Alice"],
			["chosen", "a"],
			["$ACTION_ID_x", ""],
			["chosen", "b"],
		];
		expect(await send(entries)).toEqual({ ok: true, message: "Done." });
		expect(taken).toEqual({ name: "Alice", chosen: ["a", "b"] });
	});

	test("refuses a field that it does not know, and gives back what was typed, except passwords and secrets", async () => {
		const result = await send([
			["name", "Alice"],
			["role", "owner"],
			["newPassword", "a typed secret"],
			["clientSecret", "a typed secret"],
		]);
		expect(result).toMatchObject({ ok: false, code: "invalid", values: { name: "Alice" } });
		expect(JSON.stringify(result)).not.toContain("a typed secret");
	});

	test("refuses other sites before it looks at anything", async () => {
		const result = await send([["name", "Alice"]], { Origin: "https://evil.example" });
		expect(result).toMatchObject({ ok: false, code: "foreign-origin" });
	});

	test.each([undefined, null, "text", { name: "Alice" }, [["name", "Alice"]]])(
		"refuses what is no form at all: %s",
		async (sent) => {
			const result = duringRequest(requestAs(null, "/", { method: "POST" }), () =>
				action(null, sent as unknown as FormData),
			);
			expect(await result).toMatchObject({ ok: false, code: "invalid", values: {} });
		},
	);

	test("goes through the form once, however many fields a visitor makes up", async () => {
		const data = form(Array.from({ length: 2_000 }, (_, index) => [`field${index}`, ""]));
		const questions = (["get", "getAll", "has"] as const).map((question) => vi.spyOn(data, question));
		const result = await duringRequest(requestAs(null, "/", { method: "POST" }), () => action(null, data));
		expect(result).toMatchObject({ ok: false, code: "invalid" });
		// Each of them looks through the whole form: one for each field, and a megabyte of fields takes seconds.
		for (const question of questions) expect(question).not.toHaveBeenCalled();
	});
});
