/**
 * A form's answer by way of the JSON API, for acts that change who this browser is or its cookie: a server action would
 * render the page once more, with the cookie that the request came with, and that one opens nothing any more.
 */
import type { ActionResult } from "@/lib/action";

/**
 * Posts the form's fields as JSON; gives what a server action would have given.
 *
 * @param say makes the message to show out of the JSON that was answered
 */
export async function postJson<Answer>(
	path: string,
	form: FormData,
	say?: (answer: Answer) => string,
): Promise<ActionResult> {
	const fields = Object.fromEntries(form);
	const response = await fetch(path, {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(fields),
	});
	if (response.ok) return { ok: true, message: say?.(await response.json()) };
	const { code, detail, errors = {} } = await response.json();
	return { ok: false, code, message: detail, fields: errors, values: {} };
}
