import { z } from "zod";
import { requestOrigin } from "@/lib/request/origin";
import { oauthEndpoint } from "@/lib/tokens/oauth-endpoint";
import { revokeToken } from "@/lib/tokens/refresh";

export const POST = oauthEndpoint(
	{
		name: "revokeToken",
		summary: "Sign a native app out",
		description: "Ends the session of a refresh token (RFC 7009). Of a token that is not good there is nothing to end.",
		form: z.object({ token: z.string(), token_type_hint: z.string().optional() }),
		oauthErrors: {
			invalid_request: "The form has no `token`, or a field twice.",
			unsupported_token_type: "It is an access token, which expires by itself.",
		},
	},
	({ form, request }) => revokeToken(form.token, requestOrigin(request.headers)),
);
