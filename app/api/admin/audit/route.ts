import { auditEventAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { answerPage, listAnswer, paging } from "@/lib/api/lists";
import { auditFilterSchema, listAuditEvents } from "@/lib/audit/list";

export const GET = endpoint(
	{
		name: "listAuditEvents",
		summary: "Read the audit log",
		permission: "audit.view",
		query: auditFilterSchema.safeExtend(paging),
		answer: listAnswer(auditEventAnswer),
	},
	async ({ query: { cursor, ...filter } }) => answerPage(await listAuditEvents(filter, cursor)),
);
