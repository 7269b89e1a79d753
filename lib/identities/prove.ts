/** Proving again who one is (step-up) at the provider, for people who have no password to give. */
import { and, eq } from "drizzle-orm";
import { identities } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import type { SessionTokens } from "@/lib/session/cookie";
import { fenced } from "@/lib/session/fence";
import type { Session } from "@/lib/session/lookup";
import { newProof } from "@/lib/session/proof";
import type { ProvenIdentity } from "./answer";
import { isLinked } from "./link";
import { ProviderRefusal } from "./refusals";

/** Their clock may be behind ours. */
const CLOCK_TOLERANCE_MS = 30_000;

/**
 * Gives the tokens that replace the old ones in the cookie. Throws a ProviderRefusal "not-fresh" unless the provider says
 * that it asked the person since, "not-yours" unless the identity is linked with them.
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
			const theirs = and(
				eq(identities.userId, session.user.id),
				eq(identities.issuer, issuer),
				eq(identities.subject, subject),
				isLinked,
			);
			if ((await tx.$count(identities, theirs)) === 0) throw new ProviderRefusal("not-yours");
			const tokens = await newProof(tx, session);
			const event = { action: "session.proven", sessionId: session.id, detail: { provider: provider.id } } as const;
			await recordAudit(tx, session, event);
			return tokens;
		},
		{ people: [session.user.id] },
	);
}
