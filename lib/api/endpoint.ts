/**
 * What every JSON endpoint does around its few lines: refuse other sites, ask who is there, parse all that was sent, answer
 * with nothing but what its contract names, and turn whatever goes wrong into a problem (RFC 9457). The proxy has checked
 * most of it already; nothing here relies on that.
 */
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { RefusalCode } from "@/lib/errors";
import { parse } from "@/lib/parse";
import type { Permission } from "@/lib/permissions/matrix";
import { headOf } from "@/lib/request/head";
import { problemFor } from "@/lib/request/problem";
import { requireSameOrigin } from "@/lib/request/same-origin";
import { requirePermission } from "@/lib/session/current";
import type { Session } from "@/lib/session/lookup";
import type { OAuthErrorCode } from "@/lib/tokens/oauth-error";
import { NO_PARAMETERS, queryFields, readJson, refuseBody } from "./input";

type Schema = z.ZodType | undefined;
type Output<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

/** Everything that can be said about an endpoint. The document at /api/openapi.json is made of these. */
export interface Contract<
	Access extends Permission | "public" = Permission | "public",
	Params extends Schema = Schema,
	Query extends Schema = Schema,
	Body extends Schema = Schema,
	Answer extends Schema = Schema,
> {
	/** What a program calls it: the `operationId` of the API's description. */
	name: string;
	/** What it does, in a few words that begin with a verb. */
	summary: string;
	/** What the summary cannot say, in Markdown. */
	description?: string;
	/** What it takes to call it. "public" gives `respond` no session: it must see for itself whom it serves. */
	permission: Access;
	/** Set for what an open tab asks by itself: the session's idle limit does not move with it. */
	unattended?: true;
	/**
	 * Set for endpoints that take an access token instead of the cookie: "strict" looks the session up, "stateless" believes
	 * the token until it expires.
	 */
	token?: "strict" | "stateless";
	/**
	 * Set where a credential is sent in the request and the cookie counts for nothing, so that another site has nothing to
	 * forge: no `Origin` is asked for, which a native app does not send.
	 */
	cookieless?: true;
	/** The dynamic segments of the route. */
	params?: Params;
	/** The query string. Without a schema, no parameter is accepted. */
	query?: Query;
	/** The JSON body. Without a schema, no body is accepted. */
	body?: Body;
	/** The form that an endpoint of OAuth takes instead (see lib/tokens/oauth-endpoint.ts), and when it gives which error. */
	form?: z.ZodType;
	oauthErrors?: Partial<Record<OAuthErrorCode, string>>;
	/** The JSON that it answers; left out, it answers 204 without content. Fields that it does not name are dropped. */
	answer?: Answer;
	/** The media type, when the answer is no JSON: then `respond` gives the Response itself. */
	media?: string;
	/** 200, unless something was created. */
	status?: 200 | 201;
	/** Refusals of its own, beside those that input and permission bring with them: by code, when it happens. */
	refusals?: Partial<Record<RefusalCode, string>>;
}

interface Input<Access, Params extends Schema, Query extends Schema, Body extends Schema> {
	session: Access extends "public" ? null : Session;
	params: Output<Params>;
	query: Output<Query>;
	body: Output<Body>;
	request: Request;
}

/** A route handler that carries its contract. */
export type Endpoint = Handler & { contract: Contract };

type Handler = (request: Request, context: RouteContext) => Promise<Response>;

interface RouteContext {
	params: Promise<Record<string, string>>;
}

/**
 * Makes a route handler out of a contract and the function that does the work.
 *
 *     export const GET = endpoint(
 *         { name: "getUser", summary: "Find a person", permission: "users.view", params: idParams, answer: userAnswer },
 *         ({ params }) => personWithId(params.id),
 *     );
 */
export function endpoint<
	const Access extends Permission | "public",
	Params extends Schema = undefined,
	Query extends Schema = undefined,
	Body extends Schema = undefined,
	Answer extends Schema = undefined,
>(
	contract: Contract<Access, Params, Query, Body, Answer>,
	respond: (
		input: Input<Access, Params, Query, Body>,
	) => Promise<Answer extends z.ZodType ? z.input<Answer> : Response | void>,
): Endpoint {
	const handler: Handler = async (request, context) => {
		try {
			if (!contract.cookieless) requireSameOrigin(request.method, request.headers);
			const session = contract.permission === "public" ? null : await requirePermission(contract.permission, contract);
			const input = { request, session, ...(await readInput(contract, request, context)) };
			const answer = answerWith(contract, await respond(input as Input<Access, Params, Query, Body>));
			return request.method === "HEAD" ? await headOf(answer) : answer;
		} catch (error) {
			unstable_rethrow(error);
			return problemFor(error);
		}
	};
	return Object.assign(handler, { contract });
}

/** Parses all that was sent, by the contract. Throws a Refusal that names what is wrong. */
export async function readInput(contract: Contract, request: Request, context: RouteContext) {
	const fields = queryFields(new URL(request.url).searchParams);
	return {
		params: contract.params && parse(contract.params, await context.params),
		query: parse(contract.query ?? NO_PARAMETERS, fields),
		body: contract.body ? parse(contract.body, await readJson(request)) : await refuseBody(request),
	};
}

/** The response, with nothing in it but what the contract names. */
export function answerWith({ answer, status = 200 }: Contract, result: unknown): Response {
	const headers = { "Cache-Control": "private, no-store" };
	if (result instanceof Response) return result;
	if (!answer) return new Response(null, { status: 204, headers });
	return Response.json(answer.parse(result), { status, headers });
}
