/** Proving again who one is (step-up) at the provider, for people who have no password to give. */
import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { identities, sessions } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import type { SessionTokens } from "@/lib/session/cookie";
import { fenced } from "@/lib/session/fence";
import type { Session } from "@/lib/session/lookup";
import { newProof } from "@/lib/session/proof";
import type { ProvenIdentity } from "./answer";
import { isLinked } from "./link";
import { ProviderRefusal } from "./refusals";
import { hasSignedOut, lockIdentity } from "./sign-outs";
import { requireStillOn } from "./stored-providers";

/** Their clock may be behind ours. */
const CLOCK_TOLERANCE_MS = 30_000;

/**
 * Gives the tokens that replace the old ones in the cookie. Throws a ProviderRefusal "not-fresh" unless the provider says
 * that it asked the person since, "not-yours" unless the identity is linked with them, "stale" if they have signed out there.
 *
 * @param since when the person was sent there
 */
export async function proveWithIdentity(session: Session, proven: ProvenIdentity, since: Date): Promise<SessionTokens> {
	const { issuer, subject, authenticatedAt, provider } = proven;
	if (!authenticatedAt || authenticatedAt.getTime() < since.getTime() - CLOCK_TOLERANCE_MS) {
		throw new ProviderRefusal("not-fresh");
	}
	return fenced(
		session,
		"identity.prove",
		async ({ tx }) => {
			await lockIdentity(tx, proven);
			await requireStillOn(tx, provider);
			const theirs = and(
				eq(identities.userId, session.user.id),
				eq(identities.issuer, issuer),
				eq(identities.subject, subject),
				isLinked,
			);
			const [identity] = await tx.select({ id: identities.id }).from(identities).where(theirs);
			if (!identity) throw new ProviderRefusal("not-yours");
			if (await hasSignedOut(tx, proven, since)) throw new ProviderRefusal("stale");
			await follow(tx, session, identity.id, proven.sid);
			const tokens = await newProof(tx, session);
			const event = { action: "session.proven", sessionId: session.id, detail: { provider: provider.id } } as const;
			await recordAudit(tx, session, event);
			return tokens;
		},
		{ people: [session.user.id] },
	);
}

/** Whoever was asked again may be in a new session there; ours, if it was begun with that identity, ends with that one now. */
async function follow(tx: Transaction, { id }: Session, identityId: string, providerSid: string | null): Promise<void> {
	if (!providerSid) return;
	const begunWithIt = and(eq(sessions.id, id), eq(sessions.identityId, identityId));
	await tx.update(sessions).set({ providerSid }).where(begunWithIt);
}
