/**
 * Every way to lose a session, done as people do it, on the first instance. A reason that has no way in here is a type
 * error, and a way that has no line in docs/sessions.md fails: see ways-out.spec.ts.
 */
import type { Page } from "@playwright/test";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { identities, identityProviders, sessions } from "@/db/schema";
import { environment } from "@/lib/environment";
import { turnOffProvider } from "@/lib/identities/switch-provider";
import type { EndReason } from "@/lib/session/lifecycle";
import { findSession, type Person } from "@/lib/session/lookup";
import { sweep } from "@/lib/session/sweep";
import { linkFor } from "./links";
import { createPerson, giveCookie, PASSWORD, type SignedIn, startSessionOf } from "./people";
import { linkIdentityOf, sendLogoutToken } from "./provider";
import { liveSessionsOf } from "./records";
import { request } from "./request";

/** Who is there when a session is lost. */
export interface Scene {
	/** The session that will be lost: an admin's own, or an impersonation. */
	lost: SignedIn;
	/** Whose it is. */
	person: Person;
	/** Two more sessions of that person: from the first they may act, the second only watches. */
	elsewhere: SignedIn;
	bystander: SignedIn;
	/** An impersonation that the person opened from the session; not there when the session is one itself. */
	opened?: SignedIn;
	/** The admin's own session, when the session is an impersonation. */
	parent?: SignedIn;
	/** An impersonation of the person by somebody else. */
	of: SignedIn;
	/** Somebody above all of them. */
	owner: SignedIn;
	/** A browser for a session, or for a visitor. */
	browserFor(session: SignedIn | null): Promise<Page>;
}

export interface Way {
	/** What happens, as the table says it. */
	does: string;
	/** Makes it happen. When it has returned, the session is over. */
	act(scene: Scene): Promise<unknown>;
}

/** By the reason that ends up in the row: ways to lose a session of one's own, and ways to lose an impersonation. */
export const waysOut: Record<EndReason, { own?: Way[]; impersonation?: Way[] }> = {
	signed_out: {
		own: [{ does: "The person signs out", act: ({ lost }) => send("POST /sign-out", lost) }],
		impersonation: [
			{ does: "The admin signs out while impersonating", act: ({ lost }) => send("POST /sign-out", lost) },
		],
	},
	signed_out_elsewhere: {
		own: [
			{ does: "The person signs this device out from another one", act: signOutFromElsewhere("one") },
			{ does: "The person signs out all their other devices", act: signOutFromElsewhere("all") },
		],
	},
	forced: {
		own: [
			{
				does: "An administrator forces this session out",
				act: ({ lost, owner }) => send(`DELETE /api/admin/sessions/${lost.sessionId}`, owner),
			},
			{ does: "An administrator forces the person out everywhere", act: forceOutEverywhere },
			{ does: "An owner turns the identity provider off that it was begun with", act: turnProviderOff },
		],
		impersonation: [{ does: "The person is forced out everywhere", act: forceOutEverywhere }],
	},
	forced_for_all: {
		own: [
			{
				does: "An owner signs everyone out",
				act: ({ owner }) => send("POST /api/admin/force-logouts", owner, { everyone: true }),
			},
		],
	},
	suspended: {
		own: [{ does: "The person is suspended", act: suspend }],
		impersonation: [{ does: "The impersonated person is suspended", act: suspend }],
	},
	offboarded: {
		own: [{ does: "The person is off-boarded", act: offBoard }],
		impersonation: [{ does: "The impersonated person is off-boarded", act: offBoard }],
	},
	deleted: {
		own: [
			{
				does: "The person deletes their account",
				act: ({ person, elsewhere }) => send("POST /api/account/deletion", elsewhere, { email: person.email }),
			},
			{ does: "An owner deletes the account", act: deletePerson },
		],
		impersonation: [{ does: "The impersonated person's account is deleted", act: deletePerson }],
	},
	password_changed: {
		own: [{ does: "The person changes their password on another device", act: changePassword }],
	},
	password_reset: {
		own: [{ does: "The person sets a new password by a link from a mail", act: resetPassword }],
		impersonation: [{ does: "The impersonated person sets a new password by a link from a mail", act: resetPassword }],
	},
	email_changed: {
		own: [
			{ does: "The person confirms a new address that they asked for on another device", act: changeEmail },
			{ does: "The person takes a change of their address back", act: undoEmailChange },
		],
		impersonation: [{ does: "The impersonated person confirms a new address", act: changeEmail }],
	},
	disowned: {
		own: [
			{ does: "The person says of this sign-in that it was not them", act: (scene) => disown(scene, scene.lost) },
			{
				does: "The person says of an earlier sign-in that it was not them",
				act: (scene) => disown(scene, scene.elsewhere),
			},
		],
	},
	// Only apps have refresh tokens: see ways-out-of-apps.ts.
	token_reused: {},
	signed_out_at_provider: {
		own: [{ does: "The person signs out at their identity provider", act: signOutAtProvider }],
	},
	idle: { own: [{ does: "Nothing happens in it for SESSION_IDLE_SECONDS", act: ({ lost }) => letIdle(lost) }] },
	expired: { own: [{ does: "It becomes SESSION_ABSOLUTE_SECONDS old", act: ({ lost }) => letExpire(lost) }] },
	replaced: {
		own: [{ does: "Someone signs in anew in the same browser", act: signInOver }],
		impersonation: [{ does: "The admin impersonates somebody else", act: impersonateAnother }],
	},
	limit_reached: {
		own: [{ does: "The person signs in on more than SESSIONS_PER_USER devices", act: signInBeyondLimit }],
	},
	impersonation_stopped: {
		impersonation: [
			{ does: "The admin stops impersonating", act: ({ lost }) => send("POST /impersonation/stop", lost) },
		],
	},
	impersonation_expired: {
		impersonation: [{ does: "It becomes IMPERSONATION_SECONDS old", act: ({ lost }) => letExpire(lost) }],
	},
	impersonator_gone: {
		impersonation: [
			{ does: "The admin loses the role", act: ({ parent, owner }) => demote(parent, owner) },
			{
				does: "The admin is suspended",
				act: ({ parent, owner }) => suspend({ person: (parent as SignedIn).user, owner }),
			},
			{
				does: "The admin's own session is forced out",
				act: ({ parent, owner }) => send(`DELETE /api/admin/sessions/${parent?.sessionId}`, owner),
			},
		],
	},
};

const REASON = "A test";

/** Asks the first instance and expects that it does what it was asked. */
async function send(what: string, as: SignedIn, body?: unknown): Promise<void> {
	const [method, path] = what.split(" ") as [string, string];
	const headers: Record<string, string> = body ? { "Content-Type": "application/json" } : {};
	const answer = await request(path, { as, method, headers, body: body ? JSON.stringify(body) : undefined });
	if (answer.status >= 400) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
}

function forceOutEverywhere({ person, owner }: Scene): Promise<void> {
	return send(`DELETE /api/admin/users/${person.id}/sessions`, owner);
}

function offBoard({ person, owner }: Scene): Promise<void> {
	return send(`POST /api/admin/users/${person.id}/offboarding`, owner, { reason: REASON });
}

function suspend({ person, owner }: Pick<Scene, "person" | "owner">): Promise<void> {
	return send(`PATCH /api/admin/users/${person.id}`, owner, { status: "suspended", reason: REASON });
}

function deletePerson({ person, owner }: Scene): Promise<void> {
	return send(`POST /api/admin/users/${person.id}/deletion`, owner, { reason: REASON });
}

function demote(admin: SignedIn | undefined, owner: SignedIn): Promise<void> {
	return send(`PATCH /api/admin/users/${admin?.user.id}`, owner, { role: "user" });
}

function signOutFromElsewhere(which: "one" | "all") {
	return async (scene: Scene): Promise<void> => {
		const page = await scene.browserFor(scene.elsewhere);
		await page.goto("/settings/security");
		const one = page.locator("form", { has: page.locator(`input[value="${scene.lost.sessionId}"]`) });
		const button =
			which === "one" ? one.getByRole("button") : page.getByRole("button", { name: "Sign out all others" });
		await button.click();
		await page
			.getByText(/signed out\.$/)
			.first()
			.waitFor();
	};
}

async function changePassword({ elsewhere, browserFor }: Scene): Promise<void> {
	const page = await browserFor(elsewhere);
	await page.goto("/settings/security");
	await page.getByLabel("Current password").fill(PASSWORD);
	await page.getByLabel("New password").fill("a quite different sentence");
	await page.getByRole("button", { name: "Change password" }).click();
	await page.getByText(/^Your password was changed/).waitFor();
}

async function resetPassword({ elsewhere, browserFor }: Scene): Promise<void> {
	const page = await browserFor(null);
	await page.goto(await linkFor(elsewhere, "password_reset"));
	await page.getByLabel("New password", { exact: true }).fill("a quite different sentence");
	await page.getByRole("button", { name: "Set new password" }).click();
	await page.waitForURL("**/sign-in**");
}

async function changeEmail({ elsewhere, browserFor }: Scene): Promise<void> {
	const moved = `moved-${crypto.randomUUID()}@example.com`;
	await confirm(await browserFor(null), await linkFor(elsewhere, "email_change", moved), "Confirm new address");
}

async function undoEmailChange({ elsewhere, browserFor }: Scene): Promise<void> {
	const page = await browserFor(null);
	await confirm(page, await linkFor(elsewhere, "email_change_undo"), "Undo the change");
}

async function disown({ browserFor }: Scene, session: SignedIn): Promise<void> {
	await confirm(await browserFor(null), await linkFor(session, "sign_in_disowning"), "This wasn’t me");
}

/** The provider tells us, server to server: nothing of it comes by way of a browser of ours. */
async function signOutAtProvider({ lost, person }: Scene): Promise<void> {
	const began = { identityId: await linkIdentityOf(person), providerSid: lost.sessionId };
	await db.update(sessions).set(began).where(eq(sessions.id, lost.sessionId));
	await sendLogoutToken({ sub: person.id, sid: lost.sessionId });
}

/** As the button does that says "And sign out everyone who signed in with it": there is no JSON API for providers. */
async function turnProviderOff({ lost, person, owner }: Scene): Promise<void> {
	const id = `acme-${crypto.randomUUID().slice(0, 8)}`;
	const issuer = `https://${id}.example.com`;
	await db.insert(identityProviders).values({ id, name: "Acme", issuer, clientId: id, sealedClientSecret: "" });
	const [identity] = await db
		.insert(identities)
		.values({ userId: person.id, subject: person.id, issuer, provider: id })
		.returning();
	await db.update(sessions).set({ identityId: identity?.id }).where(eq(sessions.id, lost.sessionId));
	const actor = await findSession(owner.tokens, { ip: null, userAgent: null });
	if (actor) await turnOffProvider(actor, id, true);
}

/** Follows a link from a mail and does what it is for. */
async function confirm(page: Page, link: string, button: string): Promise<void> {
	await page.goto(link);
	const asked = new URL(page.url()).pathname;
	await page.getByRole("button", { name: button }).click();
	await page.waitForURL(({ pathname }) => pathname !== asked);
}

/** A sign-in page that was open in another tab of the browser. */
async function signInOver({ lost, person, browserFor }: Scene): Promise<void> {
	const page = await browserFor(null);
	await page.goto("/sign-in");
	await giveCookie(page.context(), lost.cookie);
	await signIn(page, person.email);
}

/** The person has as many sessions as they may; the one in question was seen longest ago. */
async function signInBeyondLimit({ lost, person, of, browserFor }: Scene): Promise<void> {
	const own = (await liveSessionsOf(person)).filter((id) => id !== of.sessionId);
	for (let count = own.length; count < environment().SESSIONS_PER_USER; count++) await startSessionOf(person);
	await db.update(sessions).set({ lastSeenAt: sql`now() - interval '1 hour'` }).where(eq(sessions.id, lost.sessionId));
	const page = await browserFor(null);
	await page.goto("/sign-in");
	await signIn(page, person.email);
}

async function signIn(page: Page, email: string): Promise<void> {
	await page.getByLabel("Email").fill(email);
	await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.waitForURL("**/dashboard");
}

async function impersonateAnother({ parent }: Scene): Promise<void> {
	const { id } = await createPerson();
	await send(`POST /api/admin/users/${id}/impersonation`, parent as SignedIn, { reason: REASON });
}

async function letIdle({ sessionId }: SignedIn): Promise<void> {
	const since = new Date(Date.now() - environment().SESSION_IDLE_SECONDS * 1000);
	const values = { lastSeenAt: since, lastSeenOn: since.toISOString().slice(0, 10) };
	await db.update(sessions).set(values).where(eq(sessions.id, sessionId));
	await sweep();
}

async function letExpire({ sessionId }: SignedIn): Promise<void> {
	await db.update(sessions).set({ expiresAt: sql`now()` }).where(eq(sessions.id, sessionId));
	await sweep();
}
