/**
 * Why somebody who went to an identity provider was not let in, and what they read then. The page is told by a word in the
 * address, and says a sentence of ours: nothing that a provider or an address says is ever shown.
 */
import { Refusal } from "@/lib/errors";

export const refusals = {
	declined: "You did not go through with it there. Try again, or use another way to sign in.",
	unreachable: "The identity provider does not answer right now. Try again in a moment, or use another way to sign in.",
	"turned-off": "That identity provider was turned off while you were there. Use another way to sign in.",
	untrusted: "The identity provider gave an answer that we cannot trust, so nothing was done with it. Try again.",
	stale: "That was begun too long ago, in another browser, or is done already. Begin again.",
	unverified:
		"We cannot tell that the e-mail address there is yours. Sign in with your password, or create an account, and link the " +
		"other one in your settings.",
	inactive: "That identity does not match an active account.",
	unlinked: "That identity was unlinked from its account. Sign in another way, and link it again in your settings.",
	taken: "That identity is linked with another account already.",
	"not-yours": "That identity is not linked with your account, so it proves nothing here.",
	"not-fresh": "You were not asked there who you are, so it proves nothing here. Try again.",
	"proof-required": "It is too long ago that you confirmed who you are. Begin again.",
	"signed-out": "You are no longer signed in with the account that you went there with.",
} as const;

export type RefusalReason = keyof typeof refusals;

/** The cause is for the log: it may hold what the provider said. */
export class ProviderRefusal extends Refusal {
	readonly reason: RefusalReason;
	/** The person who would have been let in, if it is known. */
	readonly target?: { id: string; name: string; email: string };

	constructor(reason: RefusalReason, cause?: unknown, target?: ProviderRefusal["target"]) {
		super(reason === "unreachable" ? "unavailable" : "invalid", refusals[reason]);
		this.name = "ProviderRefusal";
		this.reason = reason;
		this.cause = cause;
		this.target = target;
	}
}

/** The sentence for a word in an address; undefined for one that we never put there. */
export function explainRefusal(word: unknown): string | undefined {
	return Object.hasOwn(refusals, String(word)) ? refusals[word as RefusalReason] : undefined;
}
