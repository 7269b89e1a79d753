/** Signing in with e-mail and password. */
import { and, eq, inArray, isNotNull, not, sql } from "drizzle-orm";
import { z } from "zod";
import { db, type Transaction } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import type { RequestOrigin } from "@/lib/request/origin";
import type { SessionTokens } from "@/lib/session/cookie";
import { endSessions, startSession } from "@/lib/session/lifecycle";
import { isSuspended } from "@/lib/session/live";
import { retryingConflicts } from "@/lib/session/retry";
import { hashTokens } from "@/lib/session/token";
import { checkPassword } from "./check-password";
import { deviceNameField, emailField, givenPasswordField } from "./fields";
import { noticeNewDevice } from "./new-device";

export const signInSchema = z.object({ email: emailField, password: givenPasswordField });
export const appSignInSchema = signInSchema.extend({ device: deviceNameField });

/**
 * Checks the password and begins a session; gives its tokens. Unknown, not yet verified, suspended and mistyped are
 * refused alike, in words and in time (OWASP ASVS 5.0, V6.3.8): a Refusal "invalid", or "too-many-attempts".
 *
 * @param previous the tokens that the browser sent, whose sessions end
 */
export async function signIn(
	given: z.output<typeof signInSchema>,
	origin: RequestOrigin,
	previous: SessionTokens | null,
): Promise<SessionTokens> {
	return { token: await beginSession(given, origin, { previous }) };
}

/** The same for a native app, which has no cookie: gives a refresh token. */
export function signInApp(
	{ device, ...given }: z.output<typeof appSignInSchema>,
	origin: RequestOrigin,
): Promise<string> {
	return beginSession(given, origin, { appDevice: device });
}

async function beginSession(
	{ email, password }: z.output<typeof signInSchema>,
	origin: RequestOrigin,
	{ previous = null, appDevice }: { previous?: SessionTokens | null; appDevice?: string },
): Promise<string> {
	const [user] = await db.select(person).from(users).where(eq(users.email, email));
	const matches = await checkPassword({ email, ...user }, password, origin);

	const started = await retryingConflicts(() =>
		db.transaction(async (tx) => {
			const admitted = user && matches && (await isStillAdmitted(tx, user));
			if (!admitted) {
				await recordAudit(tx, { anonymous: "visitor", origin }, { action: "sign_in.failed", target: user });
				return null;
			}
			return admit(tx, user, { origin, previous, appDevice });
		}),
	);
	if (!started) throw new Refusal("invalid", "That e-mail and password do not match an active account.");
	return started;
}

interface Admission {
	origin: RequestOrigin;
	previous?: SessionTokens | null;
	/** Set for a native app. */
	appDevice?: string;
	/** Left out for a password. */
	identity?: { id: string; sid: string | null; authenticatedAt: Date | null; provider: string };
}

/** Begins the session of somebody who has just proven who they are, and whose row is locked; gives its token. */
export async function admit(
	tx: Transaction,
	user: { id: string; name: string; email: string },
	{ origin, previous = null, appDevice, identity }: Admission,
): Promise<string> {
	await endReplaced(tx, previous, user.id);
	const { id, token } = await startSession(tx, { userId: user.id, origin, appDevice, identity });
	const detail = appDevice ? { app: appDevice } : identity && { provider: identity.provider };
	await recordAudit(tx, { self: user, origin }, { action: "session.started", target: user, sessionId: id, detail });
	await noticeNewDevice(tx, { user, sessionId: id, origin, appDevice });
	return token;
}

/** While suspended or not yet verified, people have no password: theirs is refused, counted and slow like any wrong one. */
const person = {
	id: users.id,
	name: users.name,
	email: users.email,
	passwordHash: sql<string | null>`
		case when ${isSuspended()} or ${users.emailVerifiedAt} is null then null else ${users.passwordHash} end
	`,
};

/**
 * Locks the person's row and looks again: suspending them or changing their password between the check above and this
 * moment must win. The lock makes a suspension that comes now wait, and then it ends the new session too; and sign-ins
 * of one person queue up, so that the limit of sessions holds.
 */
async function isStillAdmitted(tx: Transaction, user: { id: string; passwordHash: string | null }): Promise<boolean> {
	const rows = await tx
		.select({ id: users.id })
		.from(users)
		.where(
			and(
				eq(users.id, user.id),
				eq(users.passwordHash, user.passwordHash ?? ""),
				isNotNull(users.emailVerifiedAt),
				not(isSuspended()),
			),
		)
		.for("no key update");
	return rows.length === 1;
}

/**
 * Ends whatever session the browser came with: its previous one, or one that somebody planted
 * (session fixation; OWASP ASVS 5.0, V7.2.4).
 */
export async function endReplaced(tx: Transaction, previous: SessionTokens | null, endedBy: string): Promise<void> {
	if (!previous) return;
	await endSessions(tx, inArray(sessions.tokenHash, hashTokens(previous)), "replaced", endedBy);
}
