/**
 * Native apps have no cookie. They hold a refresh token (see lib/session/refresh-token.ts) and get access tokens for it, one
 * after the other; each time the refresh token is replaced. When one comes a second time, two hold copies of the session and
 * nobody can tell which of them is the thief: the session ends (RFC 9700, section 4.14.2; docs/decisions/0023).
 */
import { and, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { endedSessions, sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { sendMail } from "@/lib/mail/send";
import type { RequestOrigin } from "@/lib/request/origin";
import { explainEnd, whyAppEnded } from "@/lib/session/ended";
import { fenced } from "@/lib/session/fence";
import { endSessions } from "@/lib/session/lifecycle";
import { isLive } from "@/lib/session/live";
import { findSessionByRefreshToken, type Session } from "@/lib/session/lookup";
import { signOut } from "@/lib/session/own";
import { type RefreshHashes, refreshHashes, successorOf } from "@/lib/session/refresh-token";
import { noteRefusalOf } from "@/lib/session/refusal";
import { retryingConflicts } from "@/lib/session/retry";
import { touch } from "@/lib/session/touch";
import { mintAccessToken, signAccessToken } from "./access-token";
import { OAuthError } from "./oauth-error";
import type { SignedToken } from "./sign";

export const REFRESH_TOKEN = "refresh_token";

export const appTokensAnswer = z
	.object({
		access_token: z.string(),
		token_type: z.literal("Bearer"),
		expires_in: z.int().meta({ description: "Seconds.", example: 300 }),
		refresh_token: z.string().meta({ description: "Good once, for the next access token." }),
	})
	.meta({ id: "AppTokens" });

export type AppTokens = z.output<typeof appTokensAnswer>;

/** The tokens of an app that has just signed in. Throws a Refusal "session-ended" for one that was forced out meanwhile. */
export async function firstTokens(token: string, origin: RequestOrigin): Promise<AppTokens> {
	const hashes = refreshHashes(token);
	const session = hashes && (await findSessionByRefreshToken(hashes, origin));
	if (!session) throw new Refusal("session-ended", "Your session has ended. Sign in again.");
	return answerWith(await mintAccessToken(session), token);
}

/**
 * Gives the next access token, and the refresh token that replaces this one. Throws an OAuthError "invalid_grant" whose
 * message tells the person why: the token was used before, its session has ended, or it is none of ours.
 */
export async function refresh(token: string, origin: RequestOrigin): Promise<AppTokens> {
	const hashes = refreshHashes(token);
	if (!hashes) throw refusal();
	const session = await findSessionByRefreshToken(hashes, origin);
	if (session) {
		const next = successorOf(token);
		const signed = await rotate(session, hashes, next);
		if (signed) {
			// An app refreshes when somebody uses it.
			touch(session);
			return answerWith(signed, next);
		}
	}
	throw await refusalOf(hashes, origin);
}

/**
 * Whether it is a token of a session that we have, or had. Asked before anything is done about one that is not good, because
 * nothing throttles whoever makes tokens up.
 */
async function isOurs({ tokenHash }: RefreshHashes): Promise<boolean> {
	const alive = db.select({ id: sessions.id }).from(sessions).where(eq(sessions.tokenHash, tokenHash));
	const ended = db.select({ id: endedSessions.id }).from(endedSessions).where(eq(endedSessions.tokenHash, tokenHash));
	return (await alive.unionAll(ended)).length > 0;
}

/**
 * Replaces the token, in one statement: of two that come with the same one, one succeeds. Gives the access token that comes
 * with it, so that a failure to sign leaves the app with a token that is still good; null when it came too late.
 */
async function rotate(session: Session, { refreshHash }: RefreshHashes, next: string): Promise<SignedToken | null> {
	try {
		return await fenced(
			session,
			"tokens.mint",
			async (fence) => {
				const rotated = await fence.tx
					.update(sessions)
					.set({ refreshHash: refreshHashes(next)?.refreshHash })
					.where(and(eq(sessions.id, session.id), eq(sessions.refreshHash, refreshHash)))
					.returning({ id: sessions.id });
				return rotated.length === 1 ? signAccessToken(fence, session) : null;
			},
			{ people: [session.user.id] },
		);
	} catch (error) {
		if (error instanceof Refusal && error.code === "session-ended") return null;
		throw error;
	}
}

/**
 * Signs the app out (RFC 7009). A token that is not good is no error there, but one that was used before still ends its
 * session as copied. Throws an OAuthError "unsupported_token_type" for an access token, which cannot be taken back alone.
 */
export async function revokeToken(token: string, origin: RequestOrigin): Promise<void> {
	if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) {
		throw new OAuthError("unsupported_token_type", "Revoke the refresh token; access tokens expire by themselves.");
	}
	const hashes = refreshHashes(token);
	const session = hashes && (await findSessionByRefreshToken(hashes, origin));
	if (session) await signOut(session);
	else if (hashes && (await isOurs(hashes))) await endReused(hashes, origin);
}

const PATH = "/api/oauth/token";

/** Why the token is not good. What its session has to suffer for it happens here too. */
async function refusalOf(hashes: RefreshHashes, origin: RequestOrigin): Promise<OAuthError> {
	if (!(await isOurs(hashes))) return refusal();
	if (await endReused(hashes, origin)) return refusal(explainEnd("token_reused"));
	const [noted] = await noteRefusalOf([hashes.tokenHash], PATH);
	if (noted) await recordRefused(noted, origin);
	return refusal(await whyAppEnded(hashes.tokenHash));
}

/** Once for each session that is over, with its receipt: an app may ask again and again. */
async function recordRefused(sessionId: string, origin: RequestOrigin): Promise<void> {
	const [target] = await db
		.select({ id: users.id, name: users.name, email: users.email })
		.from(endedSessions)
		.innerJoin(users, eq(users.id, endedSessions.userId))
		.where(eq(endedSessions.id, sessionId));
	await recordAudit(db, { anonymous: "visitor", origin }, { action: "session.refresh_refused", target, sessionId });
}

const refusal = (why: string | null = null) =>
	new OAuthError("invalid_grant", why ?? "The refresh token is not good. Sign in again.");

/** Ends the session if it lives and this is one of its earlier tokens; the person gets a mail. Tells whether it was so. */
function endReused({ tokenHash, refreshHash }: RefreshHashes, origin: RequestOrigin): Promise<boolean> {
	return retryingConflicts(() =>
		db.transaction(async (tx) => {
			const reused = and(eq(sessions.tokenHash, tokenHash), ne(sessions.refreshHash, refreshHash), isLive());
			const [found] = await tx
				.select({
					id: sessions.id,
					app: sessions.appDevice,
					user: { id: users.id, name: users.name, email: users.email },
				})
				.from(sessions)
				.innerJoin(users, eq(users.id, sessions.userId))
				.where(reused);
			if (!found || (await endSessions(tx, eq(sessions.id, found.id), "token_reused", null)).length === 0) return false;
			const { id: sessionId, user, app } = found;
			const event = { action: "session.token_reused", target: user, sessionId, detail: { app } } as const;
			await recordAudit(tx, { anonymous: "visitor", origin }, event);
			await sendMail(tx, { kind: "token-reused", to: user, device: app ?? "an app" });
			return true;
		}),
	);
}

function answerWith({ token, expiresInSeconds }: SignedToken, next: string): AppTokens {
	return { access_token: token, token_type: "Bearer", expires_in: expiresInSeconds, refresh_token: next };
}
