import { z } from "zod";
import { crossOrigin, preflight } from "@/lib/api/cross-origin";
import { endpoint } from "@/lib/api/endpoint";
import { mintAccessToken } from "@/lib/tokens/access-token";

export const POST = crossOrigin(
	endpoint(
		{
			name: "createToken",
			summary: "Get an access token",
			description:
				"For single-page apps: a JWT (RFC 9068) of at most five minutes that hangs from the session. There is no refresh " +
				"token: ask again, and whoever was signed out gets none.",
			permission: "tokens.mint",
			answer: z
				.object({
					access_token: z.string(),
					token_type: z.literal("Bearer"),
					expires_in: z.int().meta({ description: "Seconds.", example: 300 }),
				})
				.meta({ id: "AccessToken" }),
		},
		async ({ session }) => {
			const { token, expiresInSeconds } = await mintAccessToken(session);
			return { access_token: token, token_type: "Bearer" as const, expires_in: expiresInSeconds };
		},
	),
);

export const OPTIONS = preflight("preflightToken", ["POST"]);
