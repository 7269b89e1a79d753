/** What services and native apps have to know about us (RFC 8414). */
import { environment } from "@/lib/environment";
import { ASSERTION_ALGORITHMS, tokenEndpointUrl } from "@/lib/services/authenticate";
import { CLIENT_CREDENTIALS, TOKEN_EXCHANGE } from "@/lib/services/token";
import { REFRESH_TOKEN } from "@/lib/tokens/refresh";

export async function GET(): Promise<Response> {
	const { APP_URL } = environment();
	return Response.json({
		issuer: APP_URL,
		token_endpoint: tokenEndpointUrl(),
		jwks_uri: `${APP_URL}/.well-known/jwks.json`,
		response_types_supported: [],
		grant_types_supported: [CLIENT_CREDENTIALS, TOKEN_EXCHANGE, REFRESH_TOKEN],
		// "none" is for native apps, which can keep no secret: their refresh token is all that they have.
		token_endpoint_auth_methods_supported: ["client_secret_basic", "private_key_jwt", "none"],
		token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
		revocation_endpoint: `${APP_URL}/api/oauth/revoke`,
		revocation_endpoint_auth_methods_supported: ["none"],
	});
}
