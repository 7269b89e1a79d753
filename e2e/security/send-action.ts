/** Server actions by their id, without a page: the way in that somebody takes who has only read the build. */
import type { SignedIn } from "../people";
import { request } from "../request";

interface Options {
	as: Pick<SignedIn, "cookie"> | null;
	on?: string;
	/** The path that it is posted to. Next finds the action from any page. */
	path: string;
	/** Where it claims to come from; null for no claim at all, our own page if left out. */
	origin?: string | null;
	/** On a connection of its own: what comes after an answer that was too early would hear nothing. */
	alone?: boolean;
}

export interface ActionAnswer {
	status: number;
	headers: Headers;
	text: string;
	/** The code of our own answer: see lib/action.ts. "ok" if it was done, null if the answer is none of ours. */
	code: string | null;
	/** Names of the fields that were refused. */
	fields: string[];
}

/** Runs an action with a form, as React would send it: the arguments are the previous result and the form. */
export function sendAction(id: string, fields: Record<string, string>, options: Options): Promise<ActionAnswer> {
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.append(`_1_${name}`, value);
	body.append("0", '[null,"$K1"]');
	return sendArguments(id, body, options);
}

/** Runs an action with whatever is given for its arguments. */
export async function sendArguments(
	id: string,
	body: BodyInit,
	{ path, alone = false, ...from }: Options,
): Promise<ActionAnswer> {
	const headers = { "Next-Action": id, Accept: "text/x-component", ...(alone && { Connection: "close" }) };
	const answer = await request(path, { ...from, method: "POST", headers, body });
	return read(answer, await answer.text());
}

function read({ status, headers }: Response, text: string): ActionAnswer {
	const ours = /^\w+:(\{"ok":.*\})$/m.exec(text)?.[1];
	const result = ours ? JSON.parse(ours) : null;
	const code = result ? (result.ok ? "ok" : result.code) : (/"code":"([\w-]+)"/.exec(text)?.[1] ?? null);
	return { status, headers, text, code, fields: Object.keys(result?.fields ?? {}) };
}

interface LearnedForm {
	fields: Record<string, string>;
	/** False for an action that wants what cannot be guessed, so that whoever sends this is told so first. */
	complete: boolean;
}

/**
 * A form that the action takes, learned from its own refusals: every field that it misses gets the value of that name.
 *
 * @param values by field; "id" for all others, which are ids of people
 */
export async function fieldsOf(id: string, values: Record<string, string>): Promise<LearnedForm> {
	let fields: Record<string, string> = {};
	for (let round = 0; round < 3; round++) {
		const { code, fields: missing } = await sendAction(id, fields, { as: null, path: "/" });
		if (code !== "invalid") return { fields, complete: true };
		const more = missing.filter((name) => !(name in fields)).map((name) => [name, values[name] ?? values.id]);
		fields = { ...fields, ...Object.fromEntries(more) };
	}
	return { fields, complete: false };
}
