/**
 * Whoever signs out at their identity provider is signed out here: the provider sends a logout token, server to server
 * (OpenID Connect Back-Channel Logout 1.0). No cookie comes with it; the provider's signature says who is asking.
 */
import { and, eq, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { db, type Transaction } from "@/db/client";
import { processWide } from "@/db/process-wide";
import { identities, sessions, users } from "@/db/schema";
import { recordAudits } from "@/lib/audit/record";
import type { RequestOrigin } from "@/lib/request/origin";
import { countEnded, type Ended, endSessions } from "@/lib/session/lifecycle";
import { retryingConflicts } from "@/lib/session/retry";
import { OAuthError } from "@/lib/tokens/oauth-error";
import { takeOnce } from "@/lib/tokens/take-once";
import { idField, isUnreachable } from "./answer";
import { metadataOf, PROVIDER_TIMEOUT_SECONDS } from "./metadata";
import type { Provider } from "./providers";
import { ProviderRefusal } from "./refusals";
import { lockIdentity, noteSignOut } from "./sign-outs";

const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";
/** A logout token is made for this moment; one that is older was kept back. */
const MAX_AGE_SECONDS = 300;
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Ends the sessions that the token is about: those of the provider's session (`sid`), or all that were begun with the
 * identity (`sub`). Gives how many, which may be none. Throws a BadLogoutToken for one that is not good, and a ProviderRefusal
 * "unreachable" when nobody can say, so that the provider tries again.
 */
export async function backChannelLogout(provider: Provider, token: string, origin: RequestOrigin): Promise<number> {
	const { sub, sid, jti, exp, iat } = await verifyLogoutToken(provider, token);
	const which = and(eq(identities.issuer, provider.issuer), sub ? eq(identities.subject, sub) : undefined);
	const theirs = db.select({ id: identities.id }).from(identities).where(which);
	const begunThere = and(inArray(sessions.identityId, theirs), sid ? ofSession(sid, sub) : undefined);
	const whose = { issuer: provider.issuer, subject: sub, sid };
	return retryingConflicts(() =>
		db.transaction(async (tx) => {
			// First, so that a sign-in which is on its way has either begun its session by then or begins none.
			await lockIdentity(tx, whose);
			if (!(await takeOnce(tx, provider.issuer, jti, Math.min(exp, iat + MAX_AGE_SECONDS + CLOCK_TOLERANCE_SECONDS)))) {
				throw new BadLogoutToken(true);
			}
			await noteSignOut(tx, whose);
			if (sub) await tx.update(identities).set({ signedOutAt: sql`clock_timestamp()` }).where(which);
			const ended = await endSessions(tx, begunThere, "signed_out_at_provider", null);
			await recordEnds(tx, provider, ended, origin);
			return countEnded(ended);
		}),
	);
}

/** Of a session whose answer did not say which of the provider's it is, nobody knows that it is another one of theirs. */
function ofSession(sid: string, sub: string | undefined): SQL | undefined {
	const isIt = eq(sessions.providerSid, sid);
	return sub ? or(isIt, isNull(sessions.providerSid)) : isIt;
}

async function recordEnds(tx: Transaction, { id }: Provider, ended: Ended[], origin: RequestOrigin): Promise<void> {
	const ids = ended.map(({ userId }) => userId);
	const people = await tx
		.select({ id: users.id, name: users.name, email: users.email })
		.from(users)
		.where(inArray(users.id, ids));
	const events = people.map((target) => {
		const count = countEnded(ended.filter(({ userId }) => userId === target.id));
		return { action: "session.ended_by_provider", target, detail: { provider: id, count } } as const;
	});
	await recordAudits(tx, { anonymous: "system", origin }, events);
}

const claimsSchema = z
	.object({
		sub: idField.optional(),
		sid: idField.optional(),
		jti: z.string().min(1).max(255),
		exp: z.number(),
		iat: z.number(),
		events: z.object({ [LOGOUT_EVENT]: z.object({}) }),
		/** With one it is an ID token that somebody hopes is taken for a logout token. */
		nonce: z.never().optional(),
	})
	.refine(({ sub, sid }) => sub ?? sid);

/** The checks of section 2.6, one by one. */
async function verifyLogoutToken(provider: Provider, token: string): Promise<z.output<typeof claimsSchema>> {
	const { algorithms, keys } = await keysOf(provider);
	try {
		const { payload } = await jwtVerify<JWTPayload>(token, keys, {
			algorithms,
			typ: "logout+jwt",
			issuer: provider.issuer,
			audience: provider.clientId,
			maxTokenAge: MAX_AGE_SECONDS,
			clockTolerance: CLOCK_TOLERANCE_SECONDS,
			requiredClaims: ["exp", "iat", "jti"],
		});
		return claimsSchema.parse(payload);
	} catch (error) {
		if (areKeysAway(error)) throw new ProviderRefusal("unreachable", error);
		const isOtherwise = error instanceof z.ZodError || claimErrors.some((kind) => error instanceof kind);
		if (isOtherwise || error instanceof errors.JOSEError) throw new BadLogoutToken(isOtherwise);
		throw error;
	}
}

/** No connection, no answer in time, or none that has keys. */
const areKeysAway = (error: unknown) =>
	isUnreachable(error) ||
	error instanceof errors.JWKSTimeout ||
	(error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC");

/** What jose throws once the signature is known to be good. */
const claimErrors = [errors.JWTClaimValidationFailed, errors.JWTExpired];

export class BadLogoutToken extends OAuthError {
	/** Whether the provider signed it: a fault of theirs, or a token in wrong hands. Without that, anyone may have made it up. */
	readonly isSigned: boolean;

	constructor(isSigned: boolean) {
		super("invalid_request", "That is not a logout token of this provider, or no longer.");
		this.isSigned = isSigned;
	}
}

/** Its keys, fetched anew for a key that is not known, but not more often than every half a minute, whatever is sent. */
async function keysOf(provider: Provider): Promise<{ algorithms: string[]; keys: JWTVerifyGetKey }> {
	const metadata = await metadataOf(provider);
	const supported = metadata.id_token_signing_alg_values_supported ?? [];
	const known = processWide("provider-keys", () => new Map<string, JWTVerifyGetKey>());
	const address = metadata.jwks_uri ?? "";
	const keys =
		known.get(address) ?? createRemoteJWKSet(new URL(address), { timeoutDuration: PROVIDER_TIMEOUT_SECONDS * 1000 });
	known.set(address, keys);
	// Never one whose key is a secret that we both have, and never "none".
	return { algorithms: supported.filter((name) => /^(RS|PS|ES)\d+$|^Ed/.test(name)), keys };
}
