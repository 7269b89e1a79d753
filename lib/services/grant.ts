/** The token endpoint (RFC 6749, section 3.2): for services, which prove who they are, and for native apps, which refresh. */
import { z } from "zod";
import { type Attempt, countAttempts, forgiveAttempts, networkOf } from "@/lib/rate-limit/throttle";
import { requestOrigin } from "@/lib/request/origin";
import { oauthEndpoint } from "@/lib/tokens/oauth-endpoint";
import { OAuthError } from "@/lib/tokens/oauth-error";
import { REFRESH_TOKEN, refresh } from "@/lib/tokens/refresh";
import { authenticateClient, type ServiceClient } from "./authenticate";
import { ACCESS_TOKEN_TYPE, CLIENT_CREDENTIALS, issueServiceToken, TOKEN_EXCHANGE } from "./token";

const form = z
	.object({
		grant_type: z.string().meta({ examples: [CLIENT_CREDENTIALS, TOKEN_EXCHANGE, REFRESH_TOKEN] }),
		scope: z.string().optional().meta({ description: "Separated by spaces; all of the client's when left out." }),
		audience: z.string().optional().meta({ description: "May be left out by a client that has one audience." }),
		subject_token: z.string().optional().meta({ description: "To act for a person: their access token." }),
		subject_token_type: z.string().optional().meta({ example: ACCESS_TOKEN_TYPE }),
		client_assertion_type: z.string().optional(),
		client_assertion: z.string().optional().meta({ description: "The client's proof (private_key_jwt)." }),
		refresh_token: z.string().optional().meta({ description: "For `refresh_token`: the app's newest." }),
	})
	.meta({ id: "TokenRequest" });

const answer = z
	.object({
		access_token: z.string(),
		token_type: z.literal("Bearer"),
		expires_in: z.int().meta({ description: "Seconds.", example: 300 }),
		scope: z.string().optional(),
		issued_token_type: z.string().optional().meta({ description: "After an exchange.", example: ACCESS_TOKEN_TYPE }),
		refresh_token: z.string().optional().meta({ description: "The one to use next; the one that was sent is over." }),
	})
	.meta({ id: "ClientToken" });

type Sent = z.output<typeof form>;

export const grantToken = oauthEndpoint(
	{
		name: "grantToken",
		summary: "Get a token for a service or a native app",
		description:
			"OAuth 2.0. A service takes `client_credentials`, or `urn:ietf:params:oauth:grant-type:token-exchange` to act for a " +
			"person (RFC 8693), and proves itself by HTTP Basic or by `client_assertion` (private_key_jwt). A native app takes " +
			"`refresh_token` and proves nothing else. A refresh token that is used a second time ends its session.",
		form,
		answer,
		oauthErrors: {
			invalid_request: "A field is missing, or there twice, or the body is no form.",
			invalid_client: "The service did not prove who it is.",
			invalid_grant: "The person's token is not good, or their session has ended: the description says why.",
			unauthorized_client: "That client may not use that grant.",
			unsupported_grant_type: "There is no such grant.",
			invalid_scope: "The client does not have that scope.",
			invalid_target: "The client may not call that audience.",
		},
		refusals: { "too-many-attempts": "Services of that network failed to prove who they are too often." },
	},
	({ form, request }) => (isFromApp(form, request) ? refreshed(form, request) : issued(form, request)),
);

/** Whether it is an app that asks. Whoever proves to be a service is one (RFC 6749, section 6). */
function isFromApp({ grant_type, client_assertion }: Sent, { headers }: Request): boolean {
	return grant_type === REFRESH_TOKEN && !client_assertion && !headers.has("authorization");
}

async function refreshed({ refresh_token }: Sent, { headers }: Request): Promise<z.input<typeof answer>> {
	if (!refresh_token) throw new OAuthError("invalid_request", "Send the app’s newest `refresh_token`.");
	return refresh(refresh_token, requestOrigin(headers));
}

async function issued(sent: Sent, request: Request): Promise<z.input<typeof answer>> {
	const client = await authenticated(request, sent);
	const { token, expiresInSeconds, scope } = await issueServiceToken(client, {
		grantType: sent.grant_type,
		scope: sent.scope,
		audience: sent.audience,
		subjectToken: sent.subject_token,
		subjectTokenType: sent.subject_token_type,
	}).catch((error) => {
		if (error instanceof OAuthError) error.clientId = client.id;
		throw error;
	});
	return {
		access_token: token,
		token_type: "Bearer",
		expires_in: expiresInSeconds,
		scope,
		...(sent.grant_type === TOKEN_EXCHANGE && { issued_token_type: ACCESS_TOKEN_TYPE }),
	};
}

/** The client, unless its network has failed to prove who it is too often. */
async function authenticated(request: Request, sent: Sent): Promise<ServiceClient> {
	const attempts: Attempt[] = [["service-address", networkOf(requestOrigin(request.headers).ip)]];
	await countAttempts(attempts);
	const client = await authenticateClient({
		authorization: request.headers.get("authorization"),
		assertionType: sent.client_assertion_type,
		assertion: sent.client_assertion,
	});
	await forgiveAttempts(attempts);
	return client;
}
