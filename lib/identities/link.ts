/** The identities of a person: which there are, how one is added, and how one goes. Nobody is left without a way to sign in. */
import { and, asc, eq, inArray, isNotNull, isNull, ne, type SQL, sql } from "drizzle-orm";
import { db, type Transaction } from "@/db/client";
import { identities, sessions, users } from "@/db/schema";
import { type Newcomer, recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { sendMail } from "@/lib/mail/send";
import { fenced } from "@/lib/session/fence";
import { endSessions } from "@/lib/session/lifecycle";
import type { Session } from "@/lib/session/lookup";
import type { ProvenIdentity } from "./answer";
import { providers } from "./providers";
import { ProviderRefusal } from "./refusals";
import { lockIdentity } from "./sign-outs";
import { requireStillOn } from "./stored-providers";

/** It was not unlinked since. */
export const isLinked = isNull(identities.unlinkedAt);

export interface LinkedIdentity {
	id: string;
	/** What the provider is called; its issuer, if there is no such provider any more. */
	provider: string;
	/** The provider's id; null if there is none any more, or it is turned off, and nobody can sign in with it. */
	providerId: string | null;
	/** As the provider said it last. */
	email: string | null;
	linkedAt: Date;
	lastUsedAt: Date | null;
}

/** The person's identities, the oldest first. */
export async function listIdentities(userId: string): Promise<LinkedIdentity[]> {
	const linked = and(eq(identities.userId, userId), isLinked);
	const [rows, known] = await Promise.all([
		db.select().from(identities).where(linked).orderBy(asc(identities.id)),
		providers(),
	]);
	return rows.map(({ id, issuer, email, linkedAt, lastUsedAt }) => {
		const provider = known.find((one) => one.issuer === issuer);
		return { id, provider: provider?.name ?? issuer, providerId: provider?.id ?? null, email, linkedAt, lastUsedAt };
	});
}

/** With what the person can prove who they are: their password if they have one, and the providers of their identities. */
export async function waysToProve(
	userId: string,
): Promise<{ password: boolean; providers: { id: string; name: string }[] }> {
	const [linked, passwords] = await Promise.all([listIdentities(userId), countPassword(db, userId)]);
	const names = new Map(linked.map(({ providerId, provider }) => [providerId, provider]));
	const known = [...names].flatMap(([id, name]) => (id === null ? [] : [{ id, name }]));
	return { password: passwords === 1, providers: known };
}

export function countPassword(tx: Pick<Transaction, "$count">, userId: string): Promise<number> {
	return tx.$count(users, and(eq(users.id, userId), isNotNull(users.passwordHash)));
}

/** Links it with the person of the session. Throws a ProviderRefusal "taken" when it is somebody else's. */
export async function linkIdentity(session: Session, proven: ProvenIdentity): Promise<void> {
	await fenced(
		session,
		"identities.manage",
		async ({ tx }) => {
			await lockIdentity(tx, proven);
			await requireStillOn(tx, proven.provider);
			const [known] = await tx
				.select({ userId: identities.userId })
				.from(identities)
				.where(and(eq(identities.issuer, proven.issuer), eq(identities.subject, proven.subject), isLinked));
			if (known && known.userId !== session.user.id) throw new ProviderRefusal("taken");
			if (known) return;
			await addIdentity(tx, session, session.user, proven);
			await tellOfLink(tx, session.user, proven);
		},
		{ people: [session.user.id] },
	);
}

/**
 * Unlinks it, and ends the sessions that were begun with it but for the one that asks. Throws a Refusal "conflict" when the
 * person could not sign in any more, "not-found" when it is not theirs.
 */
export async function unlinkIdentity(session: Session, identityId: string): Promise<void> {
	const { id: userId } = session.user;
	await fenced(
		session,
		"identities.manage",
		async ({ tx }) => {
			const theirs = and(eq(identities.id, identityId), eq(identities.userId, userId), isLinked);
			const { provider, issuer } = identities;
			const [identity] = await tx.select({ provider, issuer }).from(identities).where(theirs);
			if (!identity) throw new Refusal("not-found", "That was unlinked already.");
			await requireAnotherWay(tx, userId, identityId);
			const begunWithIt = and(eq(sessions.identityId, identityId), ne(sessions.id, session.id));
			await endSessions(tx, begunWithIt, "signed_out_elsewhere", userId);
			await unlink(tx, theirs);
			await recordAudit(tx, session, {
				action: "identity.unlinked",
				target: session.user,
				detail: { provider: identity.provider },
			});
			const name = (await providers(tx)).find((one) => one.issuer === identity.issuer)?.name ?? identity.provider;
			await sendMail(tx, { kind: "identity-changed", to: session.user, provider: name, change: "unlinked" });
		},
		{ people: [userId], revokes: true },
	);
}

/** Unlinks all identities of somebody whose account was in wrong hands: one of them may be those hands'. Gives how many. */
export function unlinkAll(tx: Transaction, userId: string): Promise<number> {
	return unlink(tx, and(eq(identities.userId, userId), isLinked));
}

async function unlink(tx: Transaction, which: SQL | undefined): Promise<number> {
	const { rowCount } = await tx.update(identities).set({ unlinkedAt: sql`now()` }).where(which);
	return rowCount ?? 0;
}

async function requireAnotherWay(tx: Transaction, userId: string, identityId: string): Promise<void> {
	const issuers = (await providers(tx)).map((provider) => provider.issuer);
	const others = and(
		eq(identities.userId, userId),
		ne(identities.id, identityId),
		inArray(identities.issuer, issuers),
		isLinked,
	);
	if ((await tx.$count(identities, others)) + (await countPassword(tx, userId)) > 0) return;
	throw new Refusal("conflict", "This is your only way to sign in. Set a password first.");
}

/** Adds an identity that nobody has to a person whose row is locked; gives its id. */
export async function addIdentity(
	tx: Transaction,
	actor: Newcomer | Session,
	user: { id: string; name: string; email: string },
	{ issuer, subject, email, provider }: ProvenIdentity,
): Promise<string> {
	const values = { userId: user.id, email, provider: provider.id, lastUsedAt: sql`now()`, unlinkedAt: null };
	const [identity] = await tx
		.insert(identities)
		.values({ ...values, issuer, subject })
		// It was unlinked before, from this account or another one.
		.onConflictDoUpdate({
			target: [identities.issuer, identities.subject],
			set: { ...values, linkedAt: sql`now()` },
			setWhere: isNotNull(identities.unlinkedAt),
		})
		.returning({ id: identities.id });
	await recordAudit(tx, actor, { action: "identity.linked", target: user, detail: { provider: provider.id, email } });
	return (identity as { id: string }).id;
}

/** Whoever holds the mailbox hears of a new way into the account (OWASP ASVS 5.0, V6.3.7). */
export function tellOfLink(
	tx: Transaction,
	user: { name: string; email: string },
	{ provider }: ProvenIdentity,
): Promise<void> {
	return sendMail(tx, { kind: "identity-changed", to: user, provider: provider.name, change: "linked" });
}
