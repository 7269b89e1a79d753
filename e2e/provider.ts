/** The identity provider of a run (scripts/identity-provider.ts), and what it would say to us without any browser. */
import type { Page } from "@playwright/test";
import { importJWK, SignJWT } from "jose";
import { db } from "@/db/client";
import { identities } from "@/db/schema";
import { environment } from "@/lib/environment";
import type { Provider } from "@/lib/identities/providers";
import { request } from "./request";

/** As it stands in OIDC_PROVIDERS. */
export function provider(): Provider {
	return environment().OIDC_PROVIDERS[0] as Provider;
}

/** Links an identity of that provider with the person; gives its id. The person's own id is the subject. */
export async function linkIdentityOf(user: { id: string }): Promise<string> {
	const { issuer, id: name } = provider();
	const values = { userId: user.id, subject: user.id, issuer, provider: name };
	const [identity] = await db.insert(identities).values(values).returning({ id: identities.id });
	return identity?.id ?? "";
}

/** Tells the first instance, as the provider does, who has signed out there. */
export async function sendLogoutToken(about: { sub?: string; sid?: string }): Promise<void> {
	const { id, issuer, clientId } = provider();
	const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
	const token = await new SignJWT({ ...about, events })
		.setProtectedHeader({ alg: "RS256", typ: "logout+jwt", kid: "demo" })
		.setIssuer(issuer)
		.setAudience(clientId)
		.setIssuedAt()
		.setExpirationTime("2m")
		.setJti(crypto.randomUUID())
		.sign(await importJWK(JSON.parse(process.env.PROVIDER_KEY ?? "{}"), "RS256"));
	const answer = await request(`/api/oidc/${id}/backchannel-logout`, {
		method: "POST",
		headers: { "Content-Type": "application/x-www-form-urlencoded" },
		body: new URLSearchParams({ logout_token: token }).toString(),
	});
	if (answer.status !== 200) throw new Error(`a logout token: ${answer.status} ${await answer.text()}`);
}

/** Says at the provider's page who they are, in place of clicking on one of the demo people. */
export async function sayThere(page: Page, fields: Record<string, string>): Promise<void> {
	await page.getByRole("heading", { name: "Who are you?" }).waitFor();
	await page.evaluate((given) => {
		const form = document.querySelector("form") as HTMLFormElement;
		form.replaceChildren(
			...Object.entries(given).map(([name, value]) => Object.assign(document.createElement("input"), { name, value })),
		);
		form.submit();
	}, fields);
}
