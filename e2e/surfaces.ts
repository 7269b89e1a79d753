/** Everything that a session can be used for, tried on the second instance; what comes of it is said in a word or two. */
import { expect, type Page } from "@playwright/test";
import { type RecordedAction, recordAction, replay } from "./actions";
import type { SignedIn } from "./people";
import { rowOf } from "./records";
import { request, secondAppUrl } from "./request";

/** Asks for a page, its payload or JSON: "served", "to sign-in", or the status of a refusal. */
export async function ask(path: string, as: SignedIn, options: Parameters<typeof request>[1] = {}): Promise<string> {
	const answer = await request(path, { as, on: secondAppUrl(), ...options });
	await answer.body?.cancel();
	if (answer.status === 200) return "served";
	const location = answer.headers.get("location");
	if (location && new URL(location, secondAppUrl()).pathname === "/sign-in") return "to sign-in";
	return String(answer.status);
}

/** What the browser asks for on a soft navigation. */
export const navigate = (as: SignedIn) => ask("/settings/profile?_rsc", as, { headers: { RSC: "1" } });

/** Whether the session is served at all. */
export const isServed = async (as: SignedIn) => (await ask("/api/session", as)) === "served";

const NEW_NAME = "Written after the end";

/** Records the server action that {@link act} runs. */
export async function recordWriting(page: Page): Promise<RecordedAction> {
	const recorded = await recordAction(page, async () => {
		await page.goto("/settings/profile");
		await page.getByLabel("Name").fill(NEW_NAME);
		await page.getByRole("button", { name: "Save" }).click();
	});
	await page.close();
	return recorded;
}

/** Runs a server action: "refused", or "written". */
export async function act(writing: RecordedAction, as: SignedIn): Promise<string> {
	const { text } = await replay(writing, { as, on: secondAppUrl() });
	if ((await rowOf(as.user))?.name === NEW_NAME) return "written";
	return text.includes('"code":"session-ended"') ? "refused" : "failed";
}

/** An access token of the session; undefined for one that gets none, which is what impersonations are. */
export async function accessToken(as: SignedIn): Promise<string | undefined> {
	const answer = await request("/api/token", { as, method: "POST" });
	return answer.status === 403 ? undefined : (await answer.json()).access_token;
}

/** Spends a token that is out: where its session is looked up, and where the token is believed. */
export async function spendToken(token: string | undefined): Promise<{ strict?: string; stateless?: string }> {
	if (!token) return {};
	const send = (method: string, body?: string) => {
		const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
		return fetch(new URL("/api/v1/me", secondAppUrl()), { method, headers, body });
	};
	const strict = await send("PATCH", JSON.stringify({ name: NEW_NAME }));
	const stateless = await send("GET");
	return {
		strict: strict.ok ? "written" : String(strict.status),
		stateless: stateless.ok ? "served until it expires" : String(stateless.status),
	};
}

/** Opens the session's event stream; `closed` settles when the server closes it. */
export async function openStream(as: SignedIn): Promise<{ closed: Promise<unknown> }> {
	const answer = await request("/api/session/feed", { as, on: secondAppUrl() });
	expect(answer.status).toBe(200);
	const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
	await reader.read();
	async function readOn(): Promise<void> {
		while (!(await reader.read()).done);
	}
	return { closed: readOn() };
}

/** Opens a page and touches nothing; `left` settles when it asks for the sign-in page, whose sentence `reads` gives. */
export async function openTab(page: Page): Promise<{ left: Promise<unknown>; reads(): Promise<string> }> {
	const listening = page.waitForResponse((response) => response.url().endsWith("/api/session/feed"));
	await page.goto(`${secondAppUrl()}/dashboard`);
	await listening;
	const leaves = (sent: { url(): string }) => new URL(sent.url()).pathname === "/sign-in";
	return {
		left: page.waitForRequest(leaves, { timeout: 0 }),
		async reads() {
			await page.waitForURL(/\/sign-in\?/);
			return (await page.getByRole("main").getByRole("status").textContent())?.trim() ?? "";
		},
	};
}
