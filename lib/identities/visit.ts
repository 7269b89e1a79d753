/**
 * A visit to an identity provider: begun here, bound to this browser and to that provider, and over when the person comes
 * back, once (RFC 9700, sections 2.1 and 4.4; OWASP ASVS 5.0, V10.1.2 and V10.2.1).
 */
import { and, eq, gt, lte, sql } from "drizzle-orm";
import { sealData, unsealData } from "iron-session";
import { buildAuthorizationUrl, calculatePKCECodeChallenge } from "openid-client";
import { db } from "@/db/client";
import { type providerErrand, providerVisits } from "@/db/schema";
import { keysFor } from "@/lib/keys";
import { type Attempt, countAttempts, networkOf } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import { safeReturnPath } from "@/lib/request/return-path";
import { fenced } from "@/lib/session/fence";
import type { Session } from "@/lib/session/lookup";
import { hashToken, newToken } from "@/lib/session/token";
import { configurationOf } from "./metadata";
import { callbackUrl, type Provider } from "./providers";

export const VISIT_SECONDS = 600;

/**
 * Sent along by those who sign in, because a provider that is asked for a `max_age` has to say when it last asked the person
 * (`auth_time`; OpenID Connect Core 1.0, section 2). Longer than they keep people signed in, so that it makes none ask.
 */
const MAX_AGE_SECONDS = 31_536_000;

export type Errand = (typeof providerErrand.enumValues)[number];

interface NewVisit {
	errand: Errand;
	/** Whose errand it is; null for signing in. */
	session: Session | null;
	/** Where to go on to afterwards. */
	next: string;
	/** What the browser keeps, see ./browser. */
	browser: string;
	origin: RequestOrigin;
}

/** What is counted for visits from one network; given back when somebody comes back with a good answer. */
export const visitsFrom = (origin: RequestOrigin): Attempt[] => [["provider-address", networkOf(origin.ip)]];

/**
 * Begins a visit, and gives the address to send the browser to. Throws a ProviderRefusal "unreachable", a Refusal
 * "too-many-attempts", and in a session what the fence throws: it may have ended while the provider took its time.
 */
export async function beginVisit(
	provider: Provider,
	{ errand, session, next, browser, origin }: NewVisit,
): Promise<URL> {
	// First, because nobody was sent there who could come back while the provider does not answer.
	const configuration = await configurationOf(provider);
	await countAttempts(visitsFrom(origin));
	const state = newToken();
	// With the issuer: by the time somebody comes back, the id may be another provider's.
	const secrets: Secrets = { nonce: newToken(), verifier: newToken(), issuer: provider.issuer };
	const [password = ""] = keys();
	const values = {
		stateHash: hashToken(state),
		browserHash: hashToken(browser),
		provider: provider.id,
		errand,
		sessionId: session?.id,
		returnPath: safeReturnPath(next),
		sealedSecrets: await sealData(secrets, { password, ttl: VISIT_SECONDS }),
		expiresAt: sql`now() + make_interval(secs => ${VISIT_SECONDS})`,
	};
	// What the errand takes is asked by whoever sends them there, and again when they come back.
	if (session) await fenced(session, "product.use", ({ tx }) => tx.insert(providerVisits).values(values));
	else await db.insert(providerVisits).values(values);
	return buildAuthorizationUrl(configuration, {
		redirect_uri: callbackUrl(provider),
		scope: "openid email profile",
		state,
		nonce: secrets.nonce,
		code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
		code_challenge_method: "S256",
		// Not whoever happens to be signed in there: the person is asked.
		...(errand === "proof" && { prompt: "login", max_age: "0" }),
		...(errand === "sign_in" && { max_age: String(MAX_AGE_SECONDS) }),
	});
}

/** What is sealed of a visit. */
interface Secrets {
	nonce: string;
	verifier: string;
	/** Of the provider that the person was sent to. */
	issuer: string;
}

/** A visit that is over. */
export interface Visit {
	errand: Errand;
	sessionId: string | null;
	returnPath: string;
	startedAt: Date;
	nonce: string;
	verifier: string;
}

/** Ends the visit that a state belongs to; null if there is none (any more) of this browser to this provider. */
export async function endVisit(provider: Provider, state: string, browser: string): Promise<Visit | null> {
	const [row] = await db
		.delete(providerVisits)
		.where(
			and(
				eq(providerVisits.stateHash, hashToken(state)),
				eq(providerVisits.browserHash, hashToken(browser)),
				eq(providerVisits.provider, provider.id),
				gt(providerVisits.expiresAt, sql`now()`),
			),
		)
		.returning();
	if (!row) return null;
	for (const password of keys()) {
		const { nonce, verifier, issuer } = await unsealData<Partial<Secrets>>(row.sealedSecrets, { password });
		if (nonce && verifier) return issuer === provider.issuer ? { ...row, nonce, verifier } : null;
	}
	return null;
}

/** Forgets people who did not come back. */
export async function sweepVisits(): Promise<void> {
	await db.delete(providerVisits).where(lte(providerVisits.expiresAt, sql`now()`));
}

const keys = () => keysFor("kickoff provider visit");
