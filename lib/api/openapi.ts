/** Describes the API in OpenAPI 3.1, from the very contracts by which the endpoints parse and answer. */
import { z } from "zod";
import {
	type CreateDocumentOptions,
	createDocument,
	type ZodOpenApiOperationObject,
	type ZodOpenApiPathsObject,
	type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { environment } from "@/lib/environment";
import { Refusal, type RefusalCode } from "@/lib/errors";
import { matrix, type Permission } from "@/lib/permissions/matrix";
import { isSafeMethod } from "@/lib/request/same-origin";
import { sessionCookieName } from "@/lib/session/cookie";
import { OAuthError, type OAuthErrorCode } from "@/lib/tokens/oauth-error";
import type { Contract, Endpoint } from "./endpoint";

/**
 * The OpenAPI document.
 *
 * @param endpoints by route as Next writes it, and method
 */
export function describeApi(endpoints: Record<string, Record<string, Endpoint>>): { openapi: string } {
	const paths: ZodOpenApiPathsObject = {};
	for (const [route, methods] of Object.entries(endpoints)) {
		const operations = Object.entries(methods).map(([method, { contract }]) => [
			method.toLowerCase(),
			describe(route, method, contract),
		]);
		paths[route.replace(/\[(\w+)\]/g, "{$1}")] = Object.fromEntries(operations);
	}
	const document = createDocument(
		{
			openapi: "3.1.1",
			info: { title: "Kickoff", version: "1", description: DESCRIPTION },
			servers: [{ url: environment().APP_URL }],
			paths,
			components: {
				securitySchemes: {
					session: { type: "apiKey", in: "cookie", name: sessionCookieName() },
					token: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
				},
			},
		},
		{ override: asSent },
	);
	describeParameters(document);
	return document;
}

/** Our schemas describe values in memory. On the wire a date is text, and later versions may answer more fields. */
const asSent: NonNullable<CreateDocumentOptions["override"]> = ({ zodSchema, jsonSchema, io }) => {
	if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
	if (io === "output") delete jsonSchema.additionalProperties;
	if (jsonSchema.format) delete jsonSchema.pattern;
	if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
	if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

const DESCRIPTION = `The console's API. It calls the same functions as the console's pages, with the same permissions and
the same audit log.

A request carries the session cookie that signing in sets, unless its endpoint says what it takes instead. With a cookie, a
request that changes something must come from the application's own origin: \`Origin\` is checked. Bodies are JSON. Fields and parameters that an endpoint does not know
are refused. Errors are problem details (RFC 9457); their \`code\` is stable, their \`detail\` is for people, and
\`errors\` has messages by field. Lists come in pages: pass \`next\` on as \`cursor\` until it is null.`;

function describe(route: string, method: string, contract: Contract): ZodOpenApiOperationObject {
	const { name, summary, description, permission, token, params, query, body, form } = contract;
	return {
		operationId: name,
		summary,
		description: [description, permission !== "public" && whoMay(permission), token && levels[token]]
			.filter(Boolean)
			.join("\n\n"),
		tags: [token ? "With an access token" : route.startsWith("/api/admin/") ? "Console" : "Session and server"],
		security: permission === "public" ? [] : [token ? { token: [] } : { session: [] }],
		requestParams: { ...(params && { path: params as z.ZodObject }), ...(query && { query: query as z.ZodObject }) },
		...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
		...(form && {
			requestBody: { required: true, content: { "application/x-www-form-urlencoded": { schema: form } } },
		}),
		responses: responses(method, contract),
	};
}

const levels = {
	strict: "The session behind the token is looked up: whoever was signed out is refused at once.",
	stateless: "The token alone is believed: whoever was signed out is served until it expires, five minutes at most.",
};

/** A parameter is described where readers look for it, also when its field was described before it became optional. */
function describeParameters({ paths }: ReturnType<typeof createDocument>): void {
	const operations = Object.values(paths ?? {}).flatMap((methods) =>
		Object.values(methods as Record<string, Operation>),
	);
	for (const parameter of operations.flatMap(({ parameters = [] }) => parameters)) {
		parameter.description ??= parameter.schema?.description;
	}
}

interface Operation {
	parameters?: { description?: string; schema?: { description?: string } }[];
}

function whoMay(permission: Permission): string {
	const { from, may } = matrix[permission];
	return `Takes the permission \`${permission}\`: to ${may}, from the role \`${from}\` up.`;
}

function responses(method: string, contract: Contract): ZodOpenApiResponsesObject {
	const all: ZodOpenApiResponsesObject = {
		...success(contract),
		default: { description: "A mistake on our side. The detail has a reference for our logs.", content: PROBLEM },
	};
	const byStatus = Map.groupBy(refusalsOf(method, contract), ([code]) => new Refusal(code, "").status);
	for (const [status, refusals] of byStatus) {
		const description = refusals.map(([code, when]) => `\`${code}\`: ${when}`).join("\n\n");
		all[`${status}` as "400"] = { description, content: PROBLEM };
	}
	for (const [status, errors] of Map.groupBy(oauthErrorsOf(contract), ([code]) => new OAuthError(code, "").status)) {
		const description = errors.map(([code, when]) => `\`${code}\`: ${when}`).join("\n\n");
		all[`${status}` as "400"] = { description, content: OAUTH_ERROR };
	}
	return all;
}

const oauthErrorsOf = ({ oauthErrors }: Contract) => Object.entries(oauthErrors ?? {}) as [OAuthErrorCode, string][];

function success({ status = 200, answer, media }: Contract): ZodOpenApiResponsesObject {
	if (answer) return { [status]: { description: "Success.", content: { "application/json": { schema: answer } } } };
	return media ? { 200: { description: "Success.", content: { [media]: {} } } } : { 204: { description: "Done." } };
}

/** When each refusal happens: those that all endpoints have in common, and then the endpoint's own words. */
function refusalsOf(method: string, contract: Contract): [RefusalCode, string][] {
	const { permission, token, cookieless, body, form, refusals } = contract;
	return Object.entries({
		...(!form && { invalid: "Something that was sent is not valid." }),
		...(permission !== "public" && {
			"session-ended": "Nobody is signed in, or the session has ended.",
			forbidden: "The role does not allow it, or not for this person, or not while impersonating.",
			...(matrix[permission].freshProof && { "proof-required": "You last proved who you are too long ago." }),
		}),
		...(token && { "invalid-token": "There is no access token, or it is not good (any more)." }),
		...(!isSafeMethod(method) && !token && !cookieless && { "foreign-origin": "The request came from another site." }),
		...(body && { "unsupported-media-type": "The body is not JSON." }),
		...((body || form) && { "too-large": "The body is too large." }),
		unavailable: "The database cannot be asked, or is busy. Try again.",
		...refusals,
	} satisfies Partial<Record<RefusalCode, string>>) as [RefusalCode, string][];
}

const problemSchema = z
	.object({
		type: z.literal("about:blank"),
		title: z.string(),
		status: z.int(),
		code: z.string().meta({ description: "Stable, for programs." }),
		detail: z.string().meta({ description: "For people." }),
		errors: z.record(z.string(), z.array(z.string())).optional().meta({ description: "Messages by field." }),
	})
	.meta({
		id: "Problem",
		description: "Problem details (RFC 9457).",
		example: {
			type: "about:blank",
			title: "Bad Request",
			status: 400,
			code: "invalid",
			detail: "Check the fields and try again.",
			errors: { reason: ["Give a reason."] },
		},
	});

const oauthErrorSchema = z
	.object({
		error: z.string().meta({ description: "Stable, for programs." }),
		error_description: z.string().meta({ description: "For people." }),
	})
	.meta({
		id: "OAuthError",
		description: "An error of OAuth (RFC 6749, section 5.2).",
		example: { error: "invalid_grant", error_description: "You were signed out by an administrator." },
	});

const OAUTH_ERROR = { "application/json": { schema: oauthErrorSchema } };
const PROBLEM = { "application/problem+json": { schema: problemSchema } };
