/**
 * What every server action does around its three lines: refuse other sites, parse the form, and turn what goes wrong into
 * an answer that the form can show. A redirect by the proxy would be swallowed by Next here, so a session that has ended
 * is an answer too: the form keeps what was typed and leaves for the sign-in page.
 */
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { asRefusal, Refusal, type RefusalCode } from "./errors";
import { log } from "./log";
import { parse } from "./parse";
import { requireSameOrigin } from "./request/same-origin";

export interface ActionFailure {
	ok: false;
	/** "unreachable" is the browser's own answer when the server gave none. */
	code: RefusalCode | "bug" | "unreachable";
	message: string;
	/** Messages for single fields, by field name. */
	fields: Record<string, string[]>;
	/** What was typed, so that nothing is lost. Never a password, nor a secret. */
	values: Record<string, string>;
}

/** Null before the first submission. */
export type ActionResult = null | ActionSuccess | ActionFailure;

export interface ActionSuccess {
	ok: true;
	message?: string;
	/** What the person sees now and never again, such as a new secret. */
	shownOnce?: Record<string, string>;
}

export type FormAction = (previous: ActionResult, form: FormData) => Promise<ActionResult>;

/**
 * Makes a server action out of a schema and an act. The act gets the parsed form, and may give a message, or more, to show.
 *
 * @param schema of the whole form: fields that it does not name are refused
 */
export function formAction<Shape extends z.ZodRawShape>(
	schema: z.ZodObject<Shape>,
	act: (input: z.output<z.ZodObject<Shape>>) => Promise<string | Omit<ActionSuccess, "ok"> | void>,
): FormAction {
	const strict = schema.strict();
	return async (_previous, form) => {
		// Anyone can call an action with anything.
		const fields = form instanceof FormData ? formFields(form) : {};
		try {
			requireSameOrigin("POST", await headers());
			if (!(form instanceof FormData)) throw new Refusal("invalid", "Send the fields of the form.");
			const done = await act(parse(strict, fields));
			return { ok: true, ...(typeof done === "string" ? { message: done } : done) };
		} catch (error) {
			unstable_rethrow(error);
			return { ...describeFailure(error), values: keepable(fields) };
		}
	};
}

type Fields = Record<string, string | string[]>;

/** The form as an object: a name that occurs several times gives a list. Fields of Next's own are left out. */
function formFields(form: FormData): Fields {
	const own = [...form].filter(([name]) => !name.startsWith("$ACTION"));
	// In one pass: asking the form for each name would let a visitor's thousands of names stop the server for seconds.
	return Object.fromEntries(
		[...Map.groupBy(own, ([name]) => name)].map(([name, entries]) => {
			const values = entries.map(([, value]) => (typeof value === "string" ? value : value.name));
			return [name, values.length > 1 ? values : (values[0] ?? "")];
		}),
	);
}

function describeFailure(error: unknown): Omit<ActionFailure, "values"> {
	const refusal = asRefusal(error);
	if (refusal) return { ok: false, code: refusal.code, message: refusal.message, fields: refusal.fields };
	const reference = crypto.randomUUID().slice(0, 8);
	log.error({ error, reference }, "a server action failed");
	const message = `Something went wrong on our side, and nothing was changed. Reference: ${reference}`;
	return { ok: false, code: "bug", message, fields: {} };
}

function keepable(fields: Fields): Record<string, string> {
	return Object.fromEntries(
		Object.entries(fields).flatMap(([name, value]) =>
			typeof value === "string" && !/password|secret/i.test(name) ? [[name, value]] : [],
		),
	);
}
