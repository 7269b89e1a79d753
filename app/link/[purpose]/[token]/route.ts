/**
 * Where the links in mails lead. It does nothing but move the token from the address into a cookie, and goes on to the page
 * that asks for confirmation: mail scanners and previews open links too, and must not use them up.
 */

import { keepLinkToken } from "@/lib/links/cookie";
import { pageOf, purposeOf } from "@/lib/links/purposes";
import { problem, problemFor } from "@/lib/request/problem";

export async function GET(_request: Request, { params }: RouteContext<"/link/[purpose]/[token]">): Promise<Response> {
	try {
		const { purpose: segment, token } = await params;
		const purpose = purposeOf(segment);
		if (!purpose || !/^[\w-]{1,100}$/.test(token)) return problem(404, "not-found", "There is no such link.");
		await keepLinkToken(purpose, token);
		return new Response(null, {
			status: 303,
			headers: { Location: pageOf[purpose], "Cache-Control": "private, no-store" },
		});
	} catch (error) {
		return problemFor(error);
	}
}
