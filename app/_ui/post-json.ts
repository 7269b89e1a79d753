/**
 * A form's answer by way of the JSON API, for acts that change who this browser is or its cookie: a server action would
 * render the page once more, with the cookie that the request came with, and that one opens nothing any more.
 */
import type { ActionResult } from "@/lib/action";

/** Posts the form's fields as JSON; gives what a server action would have given. */
export async function postJson(path: string, form: FormData): Promise<ActionResult> {
	const fields = Object.fromEntries(form);
	const response = await fetch(path, {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(fields),
	});
	if (response.ok) return { ok: true };
	const { code, detail, errors = {} } = await response.json();
	return { ok: false, code, message: detail, fields: errors, values: {} };
}
