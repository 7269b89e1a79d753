/** Keys for sealing: one for each purpose, derived from SESSION_SECRET, so that a seal for one thing opens as no other. */
import { createHmac } from "node:crypto";
import { environment } from "./environment";

/** The keys for a purpose, one from each configured secret: the first seals, all of them open. */
export function keysFor(purpose: string): string[] {
	return environment().SESSION_SECRET.map((secret) => createHmac("sha256", secret).update(purpose).digest("base64url"));
}
