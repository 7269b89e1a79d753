import { appSignInSchema, signInApp } from "@/lib/accounts/sign-in";
import { endpoint } from "@/lib/api/endpoint";
import { requestOrigin } from "@/lib/request/origin";
import { appTokensAnswer, firstTokens } from "@/lib/tokens/refresh";

export const POST = endpoint(
	{
		name: "signInApp",
		summary: "Sign in from a native app",
		description:
			"Begins a session that has a refresh token instead of a cookie. The next access token is at `POST /api/oauth/token`, " +
			"with `grant_type` `refresh_token`; each refresh token is good once. Unknown, unverified, suspended and mistyped " +
			"are refused alike.",
		permission: "public",
		cookieless: true,
		body: appSignInSchema.strict(),
		answer: appTokensAnswer,
		refusals: { "too-many-attempts": "Too many wrong passwords lately. Try again later." },
	},
	async ({ body, request }) => {
		const origin = requestOrigin(request.headers);
		return firstTokens(await signInApp(body, origin), origin);
	},
);
