/**
 * Requests without a server. It also stands in for `next/headers` in tests (vitest.config.ts), which knows the current
 * request only inside of Next: here it is the one that `call` or `duringRequest` is working on.
 *
 *     const response = await call(PATCH, requestAs(owner, `/api/admin/users/${id}`, { method: "PATCH", body }), { id });
 *     await duringRequest(requestAs(alice, "/dashboard"), () => requirePage("product.use", "/dashboard"));
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { NextRequest, NextResponse } from "next/server";
import { environment } from "@/lib/environment";
import { sealTokens, sessionCookieName } from "@/lib/session/cookie";
import type { TestSession } from "./people";

const current = new AsyncLocalStorage<{ request: Request; response: NextResponse }>();

function store() {
	const found = current.getStore();
	if (!found) throw new Error("this code asks for the request: run it inside `call` or `duringRequest`");
	return found;
}

/** What `headers()` of `next/headers` gives. */
export async function headers(): Promise<Headers> {
	return store().request.headers;
}

/** What `cookies()` of `next/headers` gives. */
export async function cookies(): Promise<Pick<NextResponse["cookies"], "get" | "set">> {
	const { request, response } = store();
	return {
		get: (name) => new NextRequest(request.url, { headers: request.headers }).cookies.get(name as string),
		set: response.cookies.set.bind(response.cookies) as NextResponse["cookies"]["set"],
	} as Pick<NextResponse["cookies"], "get" | "set">;
}

interface RequestOptions {
	method?: string;
	/** Sent as JSON, unless it is a string: that is sent as it is. */
	body?: unknown;
	headers?: Record<string, string>;
}

/** A request as a page of ours would make it, with the cookie of the session, or without one for visitors. */
export async function requestAs(
	session: TestSession | null,
	path: string,
	{ method = "GET", body, headers = {} }: RequestOptions = {},
): Promise<Request> {
	const { APP_URL } = environment();
	const all = new Headers({ origin: APP_URL });
	if (session) all.set("cookie", `${sessionCookieName()}=${await sealTokens(session.tokens)}`);
	if (body !== undefined) all.set("content-type", "application/json");
	for (const [name, value] of Object.entries(headers)) all.set(name, value);
	const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
	return new Request(new URL(path, APP_URL), { method, headers: all, body: text });
}

type Handler<Params> = (request: Request, context: { params: Promise<Params> }) => Promise<Response>;

/** Calls a route handler; the cookies that it sets are in the response. */
export async function call<Params>(
	handler: Handler<Params>,
	request: Request | Promise<Request>,
	params = {} as Params,
): Promise<Response> {
	const context = { request: await request, response: new NextResponse() };
	const response = await current.run(context, () => handler(context.request, { params: Promise.resolve(params) }));
	for (const cookie of context.response.headers.getSetCookie()) response.headers.append("set-cookie", cookie);
	return response;
}

/** Runs code as if it were answering the request. */
export async function duringRequest<T>(request: Request | Promise<Request>, work: () => Promise<T>): Promise<T> {
	return current.run({ request: await request, response: new NextResponse() }, work);
}
