import { z } from "zod";
import { changeProfile, profileSchema } from "@/lib/accounts/profile";
import { crossOrigin, preflight } from "@/lib/api/cross-origin";
import { tokenEndpoint } from "@/lib/api/token-endpoint";
import { roles } from "@/lib/permissions/matrix";

export const GET = crossOrigin(
	tokenEndpoint(
		{
			name: "readToken",
			summary: "Tell who the token is of",
			permission: "product.use",
			token: "stateless",
			answer: z.object({ userId: z.uuid(), sessionId: z.uuid(), role: z.enum(roles) }).meta({ id: "TokenHolder" }),
		},
		async ({ caller }) => caller,
	),
);

export const PATCH = crossOrigin(
	tokenEndpoint(
		{
			name: "changeOwnName",
			summary: "Change one’s name",
			permission: "profile.change",
			token: "strict",
			body: profileSchema.strict(),
		},
		({ caller, body }) => changeProfile(caller, body),
	),
);

export const OPTIONS = preflight("preflightMe", ["GET", "PATCH"]);
