/**
 * Somebody comes back from an identity provider: their visit ends, the answer is checked, and what they went for is done.
 * Whatever goes wrong becomes a word in the address of the page that they came from, and an audit event.
 */
import { db } from "@/db/client";
import { type AuditEntry, recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { log, logRefused } from "@/lib/log";
import { forgiveAttempts } from "@/lib/rate-limit/throttle";
import type { RequestOrigin } from "@/lib/request/origin";
import type { SessionTokens } from "@/lib/session/cookie";
import { fenced } from "@/lib/session/fence";
import type { Session } from "@/lib/session/lookup";
import { type ProvenIdentity, readAnswer } from "./answer";
import { linkIdentity } from "./link";
import { proveWithIdentity } from "./prove";
import { findProvider, type Provider } from "./providers";
import { ProviderRefusal, type RefusalReason } from "./refusals";
import { signInWithIdentity } from "./sign-in";
import { endVisit, type Visit, visitsFrom } from "./visit";

interface Arrival {
	/** From the address, as are the parameters. */
	providerId: string;
	parameters: URLSearchParams;
	/** What the browser keeps of its visit. */
	browser: string | null;
	/** The session of this browser, and what is in its cookie. */
	session: Session | null;
	tokens: SessionTokens | null;
	origin: RequestOrigin;
}

/** Where the person goes on to, and the tokens for the cookie if they are new. */
export interface Departure {
	path: string;
	tokens?: SessionTokens;
}

/** Does what the person went for. Throws a Refusal for an outage alone. */
export async function comeBack(arrival: Arrival): Promise<Departure> {
	const { providerId, parameters, browser, origin } = arrival;
	const provider = await findProvider(providerId);
	const visit = provider && browser ? await endVisit(provider, parameters.get("state") ?? "", browser) : null;
	if (!provider || !visit) {
		// Anyone can come with anything: this is for the log that rotates, not for the one that is kept.
		logRefused("provider-answer", { ip: origin.ip, reason: "stale" });
		return { path: refusedPath("/sign-in", "stale") };
	}
	try {
		const proven = await readAnswer(provider, visit, parameters);
		// Now, while a failure loses nothing: afterwards it would keep new tokens from a browser whose old ones are over.
		await forgiveAttempts(visitsFrom(origin));
		const tokens = await errands[visit.errand](proven, visit, arrival);
		return { path: visit.returnPath, tokens: tokens ?? undefined };
	} catch (error) {
		const refusal = asProviderRefusal(error);
		if (!refusal) throw error;
		return refuse(refusal, provider, visit, arrival);
	}
}

type Run = (proven: ProvenIdentity, visit: Visit, arrival: Arrival) => Promise<SessionTokens | void>;

const errands: Record<Visit["errand"], Run> = {
	sign_in: (proven, visit, { origin, tokens }) => signInWithIdentity(proven, visit.startedAt, origin, tokens),
	link: (proven, visit, arrival) => linkIdentity(sameSession(visit, arrival), proven),
	proof: (proven, visit, arrival) => proveWithIdentity(sameSession(visit, arrival), proven, visit.startedAt),
};

/** The session that the person left with. Another one may be somebody else's by now. */
function sameSession({ sessionId }: Visit, { session }: Arrival): Session {
	if (!session || session.id !== sessionId) throw new ProviderRefusal("signed-out");
	return session;
}

/** What the fence refuses is for this page to say too; an outage is not. */
function asProviderRefusal(error: unknown): ProviderRefusal | null {
	if (error instanceof ProviderRefusal) return error;
	const code = error instanceof Refusal ? error.code : null;
	if (code === "session-ended" || code === "forbidden") return new ProviderRefusal("signed-out", error);
	return code === "proof-required" ? new ProviderRefusal("proof-required", error) : null;
}

async function refuse(
	{ reason, cause, target }: ProviderRefusal,
	{ id }: Provider,
	{ errand, returnPath }: Visit,
	{ session, origin }: Arrival,
): Promise<Departure> {
	// The code of the library's error and no more: its message and its causes may quote the token.
	const code = (cause as { code?: unknown } | undefined)?.code;
	log.warn({ provider: id, reason, code, ip: origin.ip }, "a provider's answer was refused");
	const signingIn = errand === "sign_in";
	const event = { action: "identity.refused", target, detail: { provider: id, reason, errand } } as const;
	await recordRefused(signingIn ? null : session, origin, event);
	return { path: refusedPath(signingIn ? "/sign-in" : "/settings/security", reason, returnPath) };
}

/** In the name of a visitor when there is no session, or it is over by now: nothing is written in that one's name any more. */
async function recordRefused(session: Session | null, origin: RequestOrigin, event: AuditEntry): Promise<void> {
	if (session) {
		try {
			return await fenced(session, "product.use", ({ tx }) => recordAudit(tx, session, event));
		} catch (error) {
			if (!asProviderRefusal(error)) throw error;
		}
	}
	await recordAudit(db, { anonymous: "visitor", origin }, event);
}

/** The page that says why, and that still knows where the person wanted to go. */
export function refusedPath(page: string, reason: RefusalReason, next?: string): string {
	return `${page}?${new URLSearchParams({ refused: reason, ...(next && page === "/sign-in" && { next }) })}`;
}
