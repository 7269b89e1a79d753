/** What a service client has to know about us (RFC 8414). */
import { environment } from "@/lib/environment";
import { ASSERTION_ALGORITHMS, tokenEndpointUrl } from "@/lib/services/authenticate";
import { CLIENT_CREDENTIALS, TOKEN_EXCHANGE } from "@/lib/services/token";

export async function GET(): Promise<Response> {
	const { APP_URL } = environment();
	return Response.json({
		issuer: APP_URL,
		token_endpoint: tokenEndpointUrl(),
		jwks_uri: `${APP_URL}/.well-known/jwks.json`,
		response_types_supported: [],
		grant_types_supported: [CLIENT_CREDENTIALS, TOKEN_EXCHANGE],
		token_endpoint_auth_methods_supported: ["client_secret_basic", "private_key_jwt"],
		token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
	});
}
