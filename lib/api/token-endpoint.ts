/**
 * Endpoints for programs that send an access token instead of the cookie. No cookie is read here, so no other site can
 * make a browser act: what is not sent along by itself cannot be forged. The rest is as in `endpoint`.
 */
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Permission } from "@/lib/permissions/matrix";
import { problemFor } from "@/lib/request/problem";
import type { Session } from "@/lib/session/lookup";
import { requireLiveToken, requireToken, type TokenHolder } from "@/lib/tokens/bearer";
import { answerWith, type Contract, type Endpoint, readInput } from "./endpoint";

type Schema = z.ZodType | undefined;
type Output<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;
export type TokenLevel = NonNullable<Contract["token"]>;

type TokenContract<Level extends TokenLevel, Body extends Schema, Answer extends Schema> = Contract<
	Permission,
	undefined,
	undefined,
	Body,
	Answer
> & { token: Level };

interface Input<Level extends TokenLevel, Body extends Schema> {
	/** The live session; or, where the token alone is believed, what it says. */
	caller: Level extends "strict" ? Session : TokenHolder;
	body: Output<Body>;
	request: Request;
}

/** Makes a route handler that takes an access token, at the level that the contract names (see lib/tokens/bearer.ts). */
export function tokenEndpoint<
	const Level extends TokenLevel,
	Body extends Schema = undefined,
	Answer extends Schema = undefined,
>(
	contract: TokenContract<Level, Body, Answer>,
	respond: (input: Input<Level, Body>) => Promise<Answer extends z.ZodType ? z.input<Answer> : void>,
): Endpoint {
	const handler = async (request: Request, context: Parameters<Endpoint>[1]) => {
		try {
			const require = contract.token === "strict" ? requireLiveToken : requireToken;
			const caller = await require(request, contract.permission);
			const input = { request, caller, ...(await readInput(contract, request, context)) };
			return answerWith(contract, await respond(input as unknown as Input<Level, Body>));
		} catch (error) {
			unstable_rethrow(error);
			return problemFor(error);
		}
	};
	return Object.assign(handler, { contract });
}
