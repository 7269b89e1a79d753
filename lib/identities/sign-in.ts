/**
 * Signing in with an identity. Whose it is, the row of the identity says: issuer and subject, never the address. An address
 * counts once, at the first visit, and only if it was proven on both sides. See decision 0021.
 */
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { db, type Transaction } from "@/db/client";
import { identities, users } from "@/db/schema";
import { admit } from "@/lib/accounts/sign-in";
import { recordAudit } from "@/lib/audit/record";
import type { RequestOrigin } from "@/lib/request/origin";
import type { SessionTokens } from "@/lib/session/cookie";
import { isSuspended } from "@/lib/session/live";
import { retryingConflicts } from "@/lib/session/retry";
import type { ProvenIdentity } from "./answer";
import { findErased } from "./erased";
import { addIdentity, isLinked, tellOfLink } from "./link";
import { ProviderRefusal } from "./refusals";
import { hasSignedOut, lockIdentity } from "./sign-outs";
import { requireStillOn } from "./stored-providers";

/**
 * Begins a session of the person whose identity it is; gives its tokens. Throws a ProviderRefusal "inactive" for suspended
 * people, "turned-off" when the provider is no longer to be
 * believed, "unverified" when an unknown identity comes without an address that both sides know to be the person's.
 *
 * @param since when the person was sent to the provider; if they have signed out there since, they are not let in
 * @param previous the tokens that the browser sent, whose sessions end
 */
export function signInWithIdentity(
	proven: ProvenIdentity,
	since: Date,
	origin: RequestOrigin,
	previous: SessionTokens | null,
): Promise<SessionTokens> {
	return retryingConflicts(() =>
		db.transaction(async (tx) => {
			await lockIdentity(tx, proven);
			await requireStillOn(tx, proven.provider);
			const known = await knownPerson(tx, proven, since);
			if (await hasSignedOut(tx, proven, since)) throw new ProviderRefusal("stale", undefined, known?.user);
			const { user, identityId } =
				known ?? (await personWithAddress(tx, proven, origin)) ?? (await newPerson(tx, proven, origin));
			const { provider, sid, authenticatedAt } = proven;
			const identity = { id: identityId, sid, authenticatedAt, provider: provider.id };
			return { token: await admit(tx, user, { origin, previous, identity }) };
		}),
	);
}

interface Admitted {
	user: { id: string; name: string; email: string };
	identityId: string;
}

async function knownPerson(tx: Transaction, proven: ProvenIdentity, since: Date): Promise<Admitted | null> {
	const { issuer, subject, email, provider } = proven;
	const which = and(eq(identities.issuer, issuer), eq(identities.subject, subject));
	const owner = tx.select({ id: identities.userId }).from(identities).where(which);
	const user = await lockPerson(tx, inArray(users.id, owner));
	if (!user) return null;
	if (user.suspended) throw new ProviderRefusal("inactive", undefined, user);
	// Under the person's lock, because it may have been unlinked a moment ago; and a logout waits for this row, or was first.
	const [identity] = await tx
		.update(identities)
		.set({ provider: provider.id, email, lastUsedAt: sql`now()` })
		.where(and(which, eq(identities.userId, user.id), isLinked))
		.returning({ id: identities.id, signedOutAt: identities.signedOutAt });
	if (!identity) throw new ProviderRefusal("unlinked", undefined, user);
	if (identity.signedOutAt && identity.signedOutAt >= since) throw new ProviderRefusal("stale", undefined, user);
	return { user, identityId: identity.id };
}

/** The address of somebody here: proven there and here, or the one who holds it would be handed somebody else's account. */
async function personWithAddress(
	tx: Transaction,
	proven: ProvenIdentity,
	origin: RequestOrigin,
): Promise<Admitted | null> {
	const { email, emailVerified } = proven;
	if (!email || !emailVerified) throw new ProviderRefusal("unverified");
	const user = await lockPerson(tx, eq(users.email, email));
	if (!user) return null;
	if (!user.emailVerifiedAt) throw new ProviderRefusal("unverified", undefined, user);
	if (user.suspended) throw new ProviderRefusal("inactive", undefined, user);
	await tellOfLink(tx, user, proven);
	return { user, identityId: await addIdentity(tx, { self: user, origin }, user, proven) };
}

/** Somebody new gets the role that the claims give; whoever was here before, and was erased, gets none by coming back. */
async function newPerson(tx: Transaction, proven: ProvenIdentity, origin: RequestOrigin): Promise<Admitted> {
	const { email, name, provider } = proven;
	const erased = await findErased(tx, proven);
	if (erased?.suspended) throw new ProviderRefusal("inactive");
	const role = erased ? "user" : proven.role;
	const [user] = await tx
		.insert(users)
		.values({ email: email as string, name, role, emailVerifiedAt: new Date() })
		.onConflictDoNothing({ target: users.email })
		.returning({ id: users.id, name: users.name, email: users.email });
	// Somebody has signed up with the address in this very moment.
	if (!user) throw new ProviderRefusal("stale");
	const event = { action: "account.created", target: user, detail: { provider: provider.id, role } } as const;
	await recordAudit(tx, { self: user, origin }, event);
	return { user, identityId: await addIdentity(tx, { self: user, origin }, user, proven) };
}

/** Locks the person before anything of theirs, as signing in with a password does: a suspension waits, or comes first. */
async function lockPerson(tx: Transaction, which: SQL) {
	const [user] = await tx
		.select({
			id: users.id,
			name: users.name,
			email: users.email,
			emailVerifiedAt: users.emailVerifiedAt,
			suspended: isSuspended() as SQL<boolean>,
		})
		.from(users)
		.where(which)
		.for("no key update");
	return user;
}
