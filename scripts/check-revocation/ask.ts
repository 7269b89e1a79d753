/** Sends one request of a person, without a browser, and says what became of it. */
import type { Operation, Outcome } from "./history";

/** What is asked. */
export interface Ask {
	method?: string;
	path: string;
	headers?: Record<string, string>;
	/** JSON, or one of two kinds of form. */
	body?: object | FormData | URLSearchParams;
}

/** What came back. */
export interface Answer {
	status: number;
	location: string;
	text: string;
	cookies: string[];
}

/** The User-Agent of an operation: by it, its trace in the audit log is found. */
export const agentOf = (operation: number | "") => `check-revocation/${operation}`;
export const operationOf = (agent: string) => Number(agent.slice(agentOf("").length));

/** A hanging request says nothing, whenever it ends. */
const PATIENCE_MS = 15_000;

interface Sender {
	/** The instance's address. */
	on: string;
	cookie: string;
	operation: number;
	signal?: AbortSignal;
}

/** Sends it; the body has not been read yet. Rejects when there is no answer. */
export function send({ method = "GET", path, headers, body }: Ask, { on, cookie, operation, signal }: Sender) {
	const isForm = body instanceof FormData || body instanceof URLSearchParams;
	return fetch(new URL(path, on), {
		method,
		headers: {
			Cookie: cookie,
			Origin: on,
			"User-Agent": agentOf(operation),
			...(body && !isForm && { "Content-Type": "application/json" }),
			...headers,
		},
		body: isForm ? body : body && JSON.stringify(body),
		redirect: "manual",
		signal: signal ?? AbortSignal.timeout(PATIENCE_MS),
	});
}

/** Sends it and waits for all of the answer. */
export async function ask(what: Ask, sender: Sender): Promise<Answer> {
	const response = await send(what, sender);
	return { ...headOf(response), text: await response.text() };
}

/** All of an answer that stays open but its text, in the place of which stands its media type. */
export function openingOf(response: Response): Answer {
	return { ...headOf(response), text: response.headers.get("content-type") ?? "" };
}

function headOf(response: Response): Omit<Answer, "text"> {
	const location = response.headers.get("location") ?? "";
	return { status: response.status, location, cookies: response.headers.getSetCookie() };
}

/**
 * What an answer says about the session. `proof` is what only an answer to that session contains; or, of a redirect, the
 * address that it leads to.
 */
export function outcomeOf({ status, location, text }: Answer, proof: string | RegExp): Outcome {
	if (status === 401 || /"code":"session-ended"|"error":"invalid_grant"/.test(text)) return "refused";
	const redirects = status >= 300 && status < 400;
	if (redirects && /\/sign-in\?/.test(location)) return "refused";
	// What was asked for is not there; the session and its role are not in question.
	if (text.includes('"code":"not-found"')) return "failed";
	if (status === 403 || status === 404 || text.includes('"code":"forbidden"')) return "forbidden";
	const said = redirects ? location : text;
	const isProven = typeof proof === "string" ? said.includes(proof) : proof.test(said);
	return status < 400 && isProven ? "served" : "failed";
}

/** Not found, too late, in conflict, too often: what happens to good requests too. */
const EXPECTED = [404, 408, 409, 429];

/** In which way an answer is neither a success, nor a refusal, nor an outage. */
export function oddityOf({ status, text }: Answer, outcome: Outcome): Operation["odd"] {
	if (outcome !== "failed" || status >= 500 || EXPECTED.includes(status)) return undefined;
	if (status >= 400 || text.includes('"code":"invalid"')) return "not understood";
	return text.includes('"ok":false') ? undefined : "without proof";
}
