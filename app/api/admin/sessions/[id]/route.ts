import { forceLogout } from "@/lib/admin/force-logout";
import { endpoint } from "@/lib/api/endpoint";
import { idParams } from "@/lib/api/input";

export const DELETE = endpoint(
	{
		name: "forceLogout",
		summary: "Force a session out",
		description: "When this has answered, no request is served as this session any more, on any instance.",
		permission: "sessions.force-logout",
		params: idParams,
		refusals: { "not-found": "It has ended already, or belongs to someone on whom you may not act." },
	},
	async ({ session, params }) => {
		await forceLogout(session, [params.id]);
	},
);
