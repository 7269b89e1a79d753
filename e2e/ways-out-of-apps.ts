/** Ways to lose the session of a native app, on the first instance: those of its own, and one of each kind that others have. */
import type { Page } from "@playwright/test";
import type { EndReason } from "@/lib/session/lifecycle";
import type { Person } from "@/lib/session/lookup";
import { refreshWith, sendForm } from "./apps";
import { PASSWORD, type SignedIn } from "./people";
import { request } from "./request";

/** Who is there when an app's session is lost. */
export interface AppScene {
	person: Person;
	lost: { sessionId: string; refreshToken: string };
	/** One that was used before. */
	usedToken: string;
	/** The person in a browser. */
	elsewhere: SignedIn;
	owner: SignedIn;
	browserFor(session: SignedIn): Promise<Page>;
}

interface WayOfApp {
	reason: EndReason;
	does: string;
	act(scene: AppScene): Promise<unknown>;
}

export const waysOutOfApps: WayOfApp[] = [
	{
		reason: "token_reused",
		does: "A refresh token of the app is used a second time",
		act: ({ usedToken }) => refreshWith(usedToken),
	},
	{
		reason: "signed_out",
		does: "The app signs out",
		act: ({ lost }) => sendForm("/api/oauth/revoke", { token: lost.refreshToken }),
	},
	{
		reason: "signed_out_elsewhere",
		does: "The person signs the app out in a browser",
		act: signOutInBrowser,
	},
	{
		reason: "forced",
		does: "An administrator forces the app out",
		act: ({ lost, owner }) => request(`/api/admin/sessions/${lost.sessionId}`, { as: owner, method: "DELETE" }),
	},
	{
		reason: "password_changed",
		does: "The person changes their password in a browser",
		act: changePassword,
	},
];

async function signOutInBrowser({ lost, elsewhere, browserFor }: AppScene): Promise<void> {
	const page = await browserFor(elsewhere);
	await page.goto("/settings/security");
	await page
		.locator("form", { has: page.locator(`input[value="${lost.sessionId}"]`) })
		.getByRole("button")
		.click();
	await page.getByText("That device was signed out.").waitFor();
}

function changePassword({ elsewhere }: AppScene): Promise<Response> {
	const body = JSON.stringify({ currentPassword: PASSWORD, newPassword: "a quite different sentence" });
	const headers = { "Content-Type": "application/json" };
	return request("/api/session/password", { as: elsewhere, method: "POST", headers, body });
}
