/** What a native app sends: no cookie, no Origin. */
import { appUrl } from "./request";

/** Sends a form to an endpoint of OAuth; gives the status and what the answer says. */
export async function sendForm(path: string, form: Record<string, string>, on = appUrl()) {
	const answer = await fetch(new URL(path, on), { method: "POST", body: new URLSearchParams(form) });
	const text = await answer.text();
	return { status: answer.status, ...(text && JSON.parse(text)) };
}

/** Asks for the next tokens. */
export const refreshWith = (refresh_token: string, on?: string) =>
	sendForm("/api/oauth/token", { grant_type: "refresh_token", refresh_token }, on);

/** Signs an app in with a password. */
export async function signInApp(given: { email: string; password: string; device: string }, on = appUrl()) {
	const headers = { "Content-Type": "application/json" };
	const answer = await fetch(new URL("/api/v1/sign-in", on), { method: "POST", headers, body: JSON.stringify(given) });
	return { status: answer.status, ...(await answer.json()) };
}
