/**
 * What the endpoints of OAuth do around their few lines (RFC 6749, sections 3.2 and 5): a form comes in; JSON, or an error
 * of the RFC, goes out. No cookie is read, so there is nothing that another site could forge.
 */
import type { z } from "zod";
import { db } from "@/db/client";
import type { Contract, Endpoint } from "@/lib/api/endpoint";
import { readText } from "@/lib/api/input";
import { recordAudit } from "@/lib/audit/record";
import { logRefused } from "@/lib/log";
import { requestOrigin } from "@/lib/request/origin";
import { problemFor } from "@/lib/request/problem";
import { OAuthError } from "./oauth-error";

const HEADERS = { "Cache-Control": "no-store", Pragma: "no-cache" };
const FIELD_LIMIT_CHARACTERS = 16_384;

interface OAuthContract<Form extends z.ZodObject, Answer extends z.ZodType | undefined>
	extends Pick<Contract, "name" | "summary" | "description" | "refusals">,
		Required<Pick<Contract, "oauthErrors">> {
	/** Fields that it does not name are ignored, as the RFC wants it. */
	form: Form;
	/** Left out, the answer is a 200 without content. */
	answer?: Answer;
}

/** Makes a route handler out of a contract and the function that does the work. */
export function oauthEndpoint<Form extends z.ZodObject, Answer extends z.ZodType | undefined = undefined>(
	contract: OAuthContract<Form, Answer>,
	respond: (input: {
		form: z.output<Form>;
		request: Request;
	}) => Promise<Answer extends z.ZodType ? z.input<Answer> : void>,
): Endpoint {
	const handler = async (request: Request) => {
		try {
			const result = await respond({ request, form: await readForm(contract.form, request) });
			if (!contract.answer) return new Response(null, { headers: HEADERS });
			return Response.json(contract.answer.parse(result), { headers: HEADERS });
		} catch (error) {
			return error instanceof OAuthError ? refuse(error, request) : problemFor(error);
		}
	};
	return Object.assign(handler, { contract: { ...contract, permission: "public", cookieless: true } as const });
}

async function readForm<Form extends z.ZodObject>(schema: Form, request: Request): Promise<z.output<Form>> {
	const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
	if (type !== "application/x-www-form-urlencoded") {
		throw new OAuthError("invalid_request", "Send a form, as application/x-www-form-urlencoded.");
	}
	const fields = [...new URLSearchParams(await readText(request))];
	const isRepeated = new Set(fields.map(([name]) => name)).size < fields.length;
	const isLong = fields.some(([, value]) => value.length > FIELD_LIMIT_CHARACTERS);
	const parsed = schema.safeParse(Object.fromEntries(fields.filter(([, value]) => value !== "")));
	if (parsed.success && !isRepeated && !isLong) return parsed.data;
	const needed = Object.keys(schema.shape).filter((name) => !schema.shape[name].isOptional());
	throw new OAuthError("invalid_request", `Send each field once, and \`${needed.join("`, `")}\`.`);
}

/**
 * Answers the error, and keeps it in the audit log if a client was named. That log keeps everything for ever, so it is not
 * for whoever names none: nothing throttles them.
 */
async function refuse(error: OAuthError, request: Request): Promise<Response> {
	const origin = requestOrigin(request.headers);
	const detail = { error: error.code, client: error.clientId };
	try {
		if (!error.clientId) logRefused("oauth-request", { error: error.code, ip: origin.ip });
		else {
			const event = { action: "service.refused", detail } as const;
			await db.transaction((tx) => recordAudit(tx, { anonymous: "visitor", origin }, event));
		}
	} catch (failure) {
		return problemFor(failure);
	}
	const challenge = error.status === 401 && { "WWW-Authenticate": 'Basic realm="service clients"' };
	const body = { error: error.code, error_description: error.message };
	return Response.json(body, { status: error.status, headers: { ...HEADERS, ...challenge } });
}
