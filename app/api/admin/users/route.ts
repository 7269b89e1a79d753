import { listUsers, userFilterSchema } from "@/lib/admin/users";
import { userAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { answerPage, listAnswer, paging } from "@/lib/api/lists";

export const GET = endpoint(
	{
		name: "listUsers",
		summary: "List people",
		permission: "users.view",
		query: userFilterSchema.safeExtend(paging),
		answer: listAnswer(userAnswer),
	},
	async ({ query: { cursor, ...filter } }) => answerPage(await listUsers(filter, cursor)),
);
