/**
 * The route middleware: on every request it checks the host and the origin, asks the database for the session, and keeps
 * each area to those who may enter. It is the fast lane, not the lock: pages, actions and handlers ask again in `lib`.
 */
import { type NextRequest, NextResponse } from "next/server";
import { readableElsewhere } from "@/lib/api/cross-origin";
import { asRefusal } from "@/lib/errors";
import { formTargets } from "@/lib/identities/form-targets";
import { log, logRefused } from "@/lib/log";
import { allows } from "@/lib/permissions/matrix";
import { accessTo, type HandlerAccess, isCookieless, isCrossOrigin, isRoute } from "@/lib/permissions/surfaces";
import { isKnownHost } from "@/lib/request/host";
import { requestOrigin } from "@/lib/request/origin";
import { problem, problemFor } from "@/lib/request/problem";
import { safeReturnPath, signInPath } from "@/lib/request/return-path";
import { isSameOrigin } from "@/lib/request/same-origin";
import { contentSecurityPolicy } from "@/lib/request/security-headers";
import { unavailablePage } from "@/lib/request/unavailable-page";
import { tokensFromCookieHeader } from "@/lib/session/cookie";
import { noteForbidden } from "@/lib/session/forbidden";
import { handOver } from "@/lib/session/hand-over";
import { findSession, type Session } from "@/lib/session/lookup";
import { noteRefusal } from "@/lib/session/refusal";

/** Everything but Next's own static files. No `missing` or `has`: with those, a client chooses to skip the proxy. */
export const config = { matcher: "/((?!_next/static/).*)" };

export async function proxy(request: NextRequest): Promise<Response> {
	const { pathname } = request.nextUrl;
	const { ip } = requestOrigin(request.headers);
	if (!isKnownHost(request.headers.get("host")) && pathname !== "/api/health") {
		logRefused("unknown-host", { ip, host: request.headers.get("host") });
		return problem(421, "unknown-host", "This host is not in APP_URL or ALLOWED_ORIGINS.");
	}
	const access = accessTo(pathname, request.method);
	// No browser sends such a credential by itself, so there is nothing that another site could forge.
	if (!isCookieless(access) && !isSameOrigin(request.method, request.headers)) {
		logRefused("foreign-origin", { ip, path: pathname, origin: request.headers.get("origin") });
		return problem(403, "foreign-origin", "This request came from another site.");
	}
	try {
		const refused = await gate(request, access);
		if (refused) return asReadable(request, refused);
		return isApi(request) && !isRoute(pathname) ? nothingThere() : await proceed(request);
	} catch (error) {
		if (asRefusal(error)?.code !== "unavailable") throw error;
		return isApi(request) ? asReadable(request, problemFor(error)) : unavailablePage();
	}
}

/** Programs cannot read the page that says so. */
const nothingThere = () => problem(404, "not-found", "There is nothing at this address.");

/** A page of another origin that may ask has to learn that it was refused, or it would take it for a network that is down. */
function asReadable(request: NextRequest, refused: Response): Response {
	return isCrossOrigin(request.nextUrl.pathname) ? readableElsewhere(request, refused) : refused;
}

/** The answer to someone who may not enter this area, or null for those who may. */
async function gate(request: NextRequest, access: HandlerAccess): Promise<Response | null> {
	const { pathname, search } = request.nextUrl;
	if (access === "public" || isCookieless(access)) return null;

	const session = await sessionOf(request, access !== "signed-out");
	if (access === "signed-out") {
		const next = safeReturnPath(request.nextUrl.searchParams.get("next"));
		return session && isRead(request) ? redirect(request, next) : null;
	}
	// Next swallows redirects here: the action itself answers that the session has ended, or that it is not allowed.
	if (request.method === "POST" && request.headers.has("next-action")) return null;
	if (!session) {
		if (isApi(request)) return problem(401, "session-ended", "Sign in to use this.");
		return redirect(request, signInPath(pathname + search));
	}
	if (!allows(session.user.role, access, session.impersonator !== null)) {
		noteForbidden(session, access, { path: pathname });
		if (isApi(request)) return problem(403, "forbidden", "You may not do this.");
		return proceed(request, "/_not-found");
	}
	return null;
}

async function sessionOf(request: NextRequest, refusing: boolean): Promise<Session | null> {
	const tokens = await tokensFromCookieHeader(request.headers.get("cookie"));
	if (!tokens) return null;
	const session = await findSession(tokens, requestOrigin(request.headers));
	if (session) handOver(session, request);
	else if (refusing) {
		await noteRefusal(tokens, pathAskedFor(request)).catch((error) => log.warn({ error }, "a receipt was not written"));
	}
	return session;
}

/** The path that a receipt names. When an open tab asks by itself whether its session lives, that is the tab's page. */
function pathAskedFor(request: NextRequest): string {
	const { pathname } = request.nextUrl;
	const page = pathname.startsWith("/api/session") ? request.headers.get("referer") : null;
	return page && URL.canParse(page) ? new URL(page).pathname : pathname;
}

/** Lets the request through, with a fresh nonce and without headers that claim an identity. */
async function proceed(request: NextRequest, insteadOf?: string): Promise<Response> {
	const headers = new Headers(request.headers);
	for (const name of request.headers.keys()) if (CLAIMS_IDENTITY.test(name)) headers.delete(name);
	if (isApi(request)) return NextResponse.next({ request: { headers } });

	const policy = contentSecurityPolicy(btoa(crypto.randomUUID()), await formTargets(request.nextUrl.pathname));
	headers.set("Content-Security-Policy", policy);
	const response = insteadOf
		? NextResponse.rewrite(new URL(insteadOf, request.url), { request: { headers } })
		: NextResponse.next({ request: { headers } });
	response.headers.set("Content-Security-Policy", policy);
	return response;
}

/** Headers by which some proxies and frameworks tell an application who the user is. Ours believes none of them. */
const CLAIMS_IDENTITY = /^(x-(user|auth|remote|session|forwarded-(user|email|groups|preferred-username))|remote-user)/;

function redirect(request: NextRequest, path: string): Response {
	const response = NextResponse.redirect(new URL(path, request.url), isRead(request) ? 307 : 303);
	response.headers.set("Cache-Control", "private, no-store");
	return response;
}

const isRead = ({ method }: NextRequest) => method === "GET" || method === "HEAD";

const isApi = (request: NextRequest) => request.nextUrl.pathname.startsWith("/api/");
