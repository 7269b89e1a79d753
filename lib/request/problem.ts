/** Errors of the JSON API: RFC 9457 problem details. */
import { asRefusal, type Refusal } from "@/lib/errors";
import { log } from "@/lib/log";

const titles: Record<number, string> = {
	400: "Bad Request",
	401: "Unauthorized",
	403: "Forbidden",
	404: "Not Found",
	409: "Conflict",
	413: "Content Too Large",
	415: "Unsupported Media Type",
	421: "Misdirected Request",
	429: "Too Many Requests",
	500: "Internal Server Error",
	503: "Service Unavailable",
};

/** The response for anything that was thrown. A bug is logged with a reference, and shows nothing else. */
export function problemFor(error: unknown): Response {
	const refusal = asRefusal(error);
	if (refusal) return problem(refusal.status, refusal.code, refusal.message, refusal);
	const reference = crypto.randomUUID().slice(0, 8);
	log.error({ error, reference }, "a request failed");
	return problem(500, "bug", `Something went wrong on our side. Reference: ${reference}`);
}

/** A problem response. `code` is stable, for programs; `detail` is for people. */
export function problem(
	status: number,
	code: string,
	detail: string,
	{ fields = {}, retryAfterSeconds }: Partial<Pick<Refusal, "fields" | "retryAfterSeconds">> = {},
): Response {
	const body = {
		type: "about:blank",
		title: titles[status],
		status,
		code,
		detail,
		...(Object.keys(fields).length > 0 && { errors: fields }),
	};
	return new Response(JSON.stringify(body), {
		status,
		headers: {
			"Content-Type": "application/problem+json",
			"Cache-Control": "private, no-store",
			...(retryAfterSeconds !== undefined && { "Retry-After": String(retryAfterSeconds) }),
		},
	});
}
