/** The audit log as a CSV file, filtered like the page. */
import { exportAuditLog } from "@/lib/audit/export";
import { auditFilterSchema } from "@/lib/audit/list";
import { Refusal } from "@/lib/errors";
import { parse } from "@/lib/parse";
import { headOf } from "@/lib/request/head";
import { problemFor } from "@/lib/request/problem";
import { currentTokens, requirePermission } from "@/lib/session/current";

export async function GET(request: Request): Promise<Response> {
	try {
		const session = await requirePermission("audit.export");
		const tokens = await currentTokens();
		if (!tokens) throw new Refusal("session-ended", "Your session has ended. Sign in again.");
		const filter = parse(auditFilterSchema, Object.fromEntries(new URL(request.url).searchParams));
		const today = new Date().toISOString().slice(0, 10);
		const answer = new Response(await exportAuditLog(session, tokens, filter, request.signal), {
			headers: {
				"Content-Type": "text/csv; charset=utf-8; header=present",
				"Content-Disposition": `attachment; filename="audit-log-${today}.csv"`,
				"Cache-Control": "private, no-store",
			},
		});
		return request.method === "HEAD" ? await headOf(answer) : answer;
	} catch (error) {
		return problemFor(error);
	}
}
