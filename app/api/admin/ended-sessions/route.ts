import { endedSessionFilterSchema, listEndedSessions } from "@/lib/admin/ended-sessions";
import { endedSessionAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { answerPage, listAnswer, paging } from "@/lib/api/lists";

export const GET = endpoint(
	{
		name: "listEndedSessions",
		summary: "List ended sessions",
		description: "Why each ended, by whom, and its receipt. The latest end comes first.",
		permission: "sessions.view",
		query: endedSessionFilterSchema.safeExtend(paging),
		answer: listAnswer(endedSessionAnswer),
	},
	async ({ query: { cursor, ...filter } }) => answerPage(await listEndedSessions(filter, cursor)),
);
