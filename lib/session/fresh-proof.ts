/**
 * Step-up: acts that would hurt most in the wrong hands ask people to prove again who they are when they last did so too long
 * ago (OWASP ASVS 5.0, V7.5.1 and V7.5.3). Which acts, the permission matrix says.
 */
import { environment } from "@/lib/environment";
import { Refusal } from "@/lib/errors";
import { matrix, type Permission } from "@/lib/permissions/matrix";

/**
 * Throws a Refusal "proof-required" if the permission asks for a fresh proof and the last one is older than
 * STEP_UP_SECONDS.
 *
 * @param authenticatedAt when the person last proved who they are, in this session
 */
export function requireFreshProof(permission: Permission, authenticatedAt: Date): void {
	const ageSeconds = (Date.now() - authenticatedAt.getTime()) / 1000;
	if (matrix[permission].freshProof && ageSeconds > environment().STEP_UP_SECONDS) {
		throw new Refusal("proof-required", "Confirm that it is you.");
	}
}
