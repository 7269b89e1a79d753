/** The "cannot" twin of an act: everyone who may not tries it, and the database stays as it was. */
import { expect } from "@playwright/test";
import { eq, inArray } from "drizzle-orm";
import { db } from "@/db/client";
import { identities, links, providerVisits, sessions } from "@/db/schema";
import { allows, type Permission, type Role, roles } from "@/lib/permissions/matrix";
import type { Person } from "@/lib/session/lookup";
import { createPerson, type SignedIn, setRole, startImpersonation, startSessionOf } from "./people";
import { rowOf } from "./records";
import { appUrl, appWithoutProxyUrl, request, secondAppUrl } from "./request";

type Cookie = Pick<SignedIn, "cookie"> | null;

interface Act {
	/** Sends the act's request and waits for all of the answer. */
	send(from: { as: Cookie; on: string; headers?: Record<string, string> }): Promise<unknown>;
	permission: Permission;
	/** Somebody who may. */
	actor: SignedIn;
	/** To whom it is done; the actor themselves if so. */
	target: Person;
}

/**
 * Expects that the act has no effect for a visitor, every lower role, an ended session, an impersonation and another
 * site, with `proxy.ts` and without it, nor on somebody of equal rank, nor after a demotion; and then that it works.
 */
export async function expectOnlyAllowed(act: Act): Promise<void> {
	const outsiders = await makeOutsiders(act);
	for (const on of [appUrl(), appWithoutProxyUrl()]) {
		for (const [who, as] of Object.entries(outsiders)) {
			await expectNoEffect(act, `${who} on ${on}`, () => act.send({ as, on }));
		}
		for (const Origin of ["https://evil.example", "null"]) {
			const send = () => act.send({ as: act.actor, on, headers: { Origin } });
			await expectNoEffect(act, `a request from ${Origin} on ${on}`, send);
		}
	}
	if (act.target.id !== act.actor.user.id) await expectNothingByRank(act);
	const before = await stateOf(act.target);
	const answer = await act.send({ as: act.actor, on: secondAppUrl() });
	const who = `${act.actor.user.role} with ${act.permission}`;
	expect(await stateOf(act.target), `${who} was answered ${JSON.stringify(answer)}`).not.toEqual(before);
}

/** Nobody acts on someone of their own rank, and nobody any more once they were demoted. */
async function expectNothingByRank(act: Act): Promise<void> {
	const { actor, target } = act;
	if (actor.user.role !== "owner") {
		await setRole(target, actor.user.role);
		await expectNoEffect(act, "on an equal", () => act.send({ as: actor, on: appUrl() }));
		await setRole(target, target.role);
	}
	await setRole(actor.user, "user");
	await expectNoEffect(act, "after a demotion", () => act.send({ as: actor, on: appUrl() }));
	await setRole(actor.user, actor.user.role);
}

async function expectNoEffect({ target }: Act, who: string, send: () => Promise<unknown>): Promise<void> {
	const before = await stateOf(target);
	await send();
	expect(await stateOf(target), who).toEqual(before);
}

/** People who may not, each with a cookie that is as good as theirs gets. */
async function makeOutsiders({ actor, permission }: Act): Promise<Record<string, Cookie>> {
	const outsiders: Record<string, Cookie> = { "a visitor": null };
	const lowest = roles.findIndex((role) => allows(role, permission));
	for (const role of roles.slice(0, lowest)) {
		outsiders[`a ${role}`] = await startSessionOf(await createPerson({ role }));
	}
	const ended = await startSessionOf(actor.user);
	await request("/sign-out", { as: ended, method: "POST" });
	outsiders["an ended session"] = ended;
	if (!allows(actor.user.role, permission, true) && actor.user.role !== "owner") {
		const above = await startSessionOf(await createPerson({ role: "owner" }));
		outsiders["an owner who impersonates them"] = await startImpersonation(actor.user, above);
	}
	return outsiders;
}

/** The lowest role that has the permission. */
export function lowestRoleWith(permission: Permission): Role {
	return roles.find((role) => allows(role, permission)) as Role;
}

/** All of the person that an act could have changed. */
async function stateOf(user: Person) {
	const columns = { id: sessions.id, tokenHash: sessions.tokenHash };
	const theirs = db.select({ id: sessions.id }).from(sessions).where(eq(sessions.userId, user.id));
	const linked = { id: identities.id, unlinkedAt: identities.unlinkedAt };
	const visits = { state: providerVisits.stateHash, errand: providerVisits.errand };
	const mailed = { id: links.id, purpose: links.purpose, email: links.email };
	return {
		row: await rowOf(user),
		sessions: await db.select(columns).from(sessions).where(eq(sessions.userId, user.id)).orderBy(sessions.id),
		links: await db.select(mailed).from(links).where(eq(links.userId, user.id)).orderBy(links.id),
		identities: await db.select(linked).from(identities).where(eq(identities.userId, user.id)).orderBy(identities.id),
		visits: await db.select(visits).from(providerVisits).where(inArray(providerVisits.sessionId, theirs)),
	};
}
