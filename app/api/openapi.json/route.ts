import { z } from "zod";
import { endpoints } from "@/app/api/endpoints";
import { endpoint } from "@/lib/api/endpoint";
import { describeApi } from "@/lib/api/openapi";

export const GET = endpoint(
	{
		name: "describeApi",
		summary: "Describe the API",
		description: "This document.",
		permission: "public",
		answer: z.looseObject({ openapi: z.string() }),
	},
	async () => document(),
);

let built: ReturnType<typeof describeApi> | undefined;

/** It does not change while the server runs. */
function document() {
	built ??= describeApi(endpoints);
	return built;
}
