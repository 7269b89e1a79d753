import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { endedAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { idParams } from "@/lib/api/input";

export const DELETE = endpoint(
	{
		name: "forceLogoutEverywhere",
		summary: "Force a person out everywhere",
		description:
			"Ends all their sessions, and the impersonations of them. When this has answered, it holds everywhere.",
		permission: "sessions.force-logout",
		params: idParams,
		answer: endedAnswer,
		refusals: { "not-found": "There is no such person." },
	},
	async ({ session, params }) => ({ ended: await forceLogoutEverywhere(session, params.id) }),
);
