import { expect, test } from "vitest";
import { linkPurpose } from "@/db/schema";
import { keepBrowserToken } from "@/lib/identities/browser";
import { newToken } from "@/lib/session/token";
import { call, duringRequest, requestAs } from "@/lib/testing/request";
import { forgetLinkToken, keepLinkToken, keptLinkToken, linkCookieName } from "./cookie";
import type { LinkPurpose } from "./purposes";

/** What a browser is told to keep by the work. */
async function cookieSetBy(work: () => Promise<unknown>): Promise<string> {
	const answer = await call(
		async () => {
			await work();
			return new Response();
		},
		requestAs(null, "/"),
	);
	return answer.headers.getSetCookie().join("\n");
}

const purposes = linkPurpose.enumValues;

test.each([
	...purposes.map((purpose): [string, () => Promise<unknown>] => [
		`of a link for ${purpose}`,
		() => keepLinkToken(purpose, newToken()),
	]),
	...purposes.map((purpose): [string, () => Promise<unknown>] => [
		`that forgets a link for ${purpose}`,
		() => forgetLinkToken(purpose),
	]),
	["of a visit to an identity provider", keepBrowserToken],
])("the cookie %s is out of reach of scripts, subdomains and plain HTTP", async (_, work) => {
	const cookie = await cookieSetBy(work);
	expect(cookie).toMatch(/^__Host-(link|provider)-[a-z-]+=[^\n]*; Path=\/; [^\n]*Secure; HttpOnly; SameSite=lax$/i);
	expect(cookie).not.toMatch(/Domain/i);
});

test("the cookie of a link hides its token, and gives it back for its own purpose alone", async () => {
	const token = newToken();
	const cookie = await cookieSetBy(() => keepLinkToken("password_reset", token));
	const [pair = ""] = cookie.split(";");
	expect(pair).not.toContain(token);
	const keptIn = (header: string, purpose: LinkPurpose) =>
		duringRequest(requestAs(null, "/", { headers: { cookie: header } }), () => keptLinkToken(purpose));
	expect(await keptIn(pair, "password_reset")).toBe(token);
	const value = pair.slice(pair.indexOf("=") + 1);
	expect(await keptIn(`${linkCookieName("email_change")}=${value}`, "email_change")).toBeNull();
	expect(await keptIn(`${linkCookieName("password_reset")}=${value.slice(0, -4)}`, "password_reset")).toBeNull();
});
