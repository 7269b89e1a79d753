/**
 * Which pages of other origins may read our answers (CORS; WHATWG Fetch, section 3.3): those of APP_URL and
 * ALLOWED_ORIGINS, named one by one, and only on the routes that say so.
 */
import { allowedOrigins } from "@/lib/request/same-origin";
import type { Endpoint } from "./endpoint";

/** How long a browser may remember the answer to a preflight. */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/** Makes an endpoint readable for the allowed origins; the cookie comes along where the route takes it. */
export function crossOrigin(endpoint: Endpoint): Endpoint {
	const opened = async (...call: Parameters<Endpoint>) => {
		return readableElsewhere(call[0], await endpoint(...call));
	};
	return Object.assign(opened, { contract: endpoint.contract });
}

/** Lets a page of an allowed origin read the response to its request. */
export function readableElsewhere(request: Request, response: Response): Response {
	for (const [name, value] of Object.entries(allowanceFor(request))) response.headers.set(name, value);
	return response;
}

/** The endpoint that tells a browser whether a page of another origin may send what it is about to send. */
export function preflight(name: string, methods: string[]): Endpoint {
	const contract = {
		name,
		summary: "Tell browsers what pages of other origins may send",
		permission: "public",
	} as const;
	const handler = async (request: Request) => {
		const headers = new Headers(allowanceFor(request));
		if (headers.has("Access-Control-Allow-Origin")) {
			headers.set("Access-Control-Allow-Methods", methods.join(", "));
			headers.set("Access-Control-Allow-Headers", "authorization, content-type");
			headers.set("Access-Control-Max-Age", String(PREFLIGHT_MAX_AGE_SECONDS));
		}
		return new Response(null, { status: 204, headers });
	};
	return Object.assign(handler, { contract });
}

function allowanceFor(request: Request): Record<string, string> {
	const origin = request.headers.get("origin");
	if (!origin || !allowedOrigins().has(origin)) return { Vary: "Origin" };
	return { Vary: "Origin", "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true" };
}
