import { listSessions, sessionFilterSchema } from "@/lib/admin/sessions";
import { sessionAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { answerPage, listAnswer, paging } from "@/lib/api/lists";

export const GET = endpoint(
	{
		name: "listSessions",
		summary: "List live sessions",
		permission: "sessions.view",
		query: sessionFilterSchema.safeExtend(paging),
		answer: listAnswer(sessionAnswer),
	},
	async ({ query: { cursor, ...filter } }) => answerPage(await listSessions(filter, cursor)),
);
