/** Checks access tokens with the issuer's public keys and nothing else: no database, no call for each token. */
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";

/**
 * Makes a function that gives a token's claims, or throws.
 *
 * @param issuer the address of the app that signs: its APP_URL
 * @param audience our own address; a token for anybody else is refused
 * @param savedKeys a copy of the issuer's /.well-known/jwks.json, for places without a network; left out, it is fetched,
 *     kept, and fetched anew when a token names a key that is not in it (at most every 30 seconds)
 * @param clockToleranceSeconds how far our clock may be off
 */
export function tokenVerifier({ issuer, audience, savedKeys, clockToleranceSeconds = 5 }) {
	const keys = savedKeys
		? createLocalJWKSet(savedKeys)
		: createRemoteJWKSet(new URL("/.well-known/jwks.json", issuer), {
				timeoutDuration: 3_000,
				cooldownDuration: 30_000,
			});
	return async (token, scope) => {
		const { payload } = await jwtVerify(token, keys, {
			issuer,
			audience,
			typ: "at+jwt",
			algorithms: ["ES256"],
			requiredClaims: ["exp", "sub", "client_id"],
			clockTolerance: clockToleranceSeconds,
		});
		if (!String(payload.scope).split(" ").includes(scope)) throw new MissingScope(scope);
		return payload;
	};
}

export class MissingScope extends Error {}
