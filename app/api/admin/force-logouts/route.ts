/** Forcing out many at once is a thing that is made, not a collection that is deleted: so it can say which, and never all by mistake. */
import { z } from "zod";
import { forceLogout, forceLogoutAll } from "@/lib/admin/force-logout";
import { forceLogoutFiltered, sessionFilterSchema } from "@/lib/admin/sessions";
import { endedAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { idField } from "@/lib/api/input";

const SESSIONS_LIMIT = 1_000;
const HOW_MANY = { error: `Name between one and ${SESSIONS_LIMIT.toLocaleString("en")} sessions.` };

export const POST = endpoint(
	{
		name: "forceLogoutMany",
		summary: "Force many sessions out",
		description:
			"Either some sessions by id, or all that match a filter of the list of live sessions, or everyone. The first two " +
			"leave alone whom you may not act on; the last takes the permission " +
			"`sessions.end-all` as well, and spares only the session that asks.",
		permission: "sessions.force-logout",
		body: z.union(
			[
				z.strictObject({ sessions: z.array(idField).min(1, HOW_MANY).max(SESSIONS_LIMIT, HOW_MANY) }),
				z.strictObject({ matching: sessionFilterSchema }),
				z.strictObject({ everyone: z.literal(true) }),
			],
			{ error: "Send one of `sessions`, `matching` and `everyone`." },
		),
		answer: endedAnswer,
		refusals: {
			"not-found": "None of these sessions was there to end.",
			"proof-required": "To sign everyone out: you last proved who you are too long ago.",
		},
	},
	async ({ session, body }) => {
		if ("sessions" in body) return { ended: await forceLogout(session, body.sessions) };
		if ("matching" in body) return { ended: await forceLogoutFiltered(session, body.matching) };
		return { ended: await forceLogoutAll(session) };
	},
);
