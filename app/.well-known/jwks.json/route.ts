/** The public keys with which anybody can check our access tokens (RFC 7517), without asking us about each. */
import { problemFor } from "@/lib/request/problem";
import { JWKS_MAX_AGE_SECONDS, publicKeys } from "@/lib/tokens/signing-keys";

export async function GET(): Promise<Response> {
	try {
		const headers = { "Cache-Control": `public, max-age=${JWKS_MAX_AGE_SECONDS}` };
		return Response.json(await publicKeys(), { headers });
	} catch (error) {
		return problemFor(error);
	}
}
