import { type validate as Validate, validate } from "@readme/openapi-parser";
import { beforeAll, describe, expect, test } from "vitest";
import { call, requestAs } from "@/lib/testing/request";
import { findSurfaces } from "@/scripts/app-surfaces";
import { GET } from "./route";

interface Operation {
	parameters?: { name: string; description?: string }[];
}

interface Form {
	requestBody: { content: Record<string, object> };
	responses: Record<string, { description: string; content: object }>;
}

let document: Exclude<Parameters<typeof Validate>[0], string> & { paths: Record<string, Record<string, unknown>> };

beforeAll(async () => {
	const response = await call(GET, requestAs(null, "/api/openapi.json"));
	document = await response.json();
});

describe("the description of the API", () => {
	test("is valid OpenAPI 3.1", async () => {
		expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) });
		expect(await validate(structuredClone(document))).toEqual({ valid: true, warnings: [], specification: "OpenAPI" });
	});

	test("explains every parameter whose name does not", () => {
		const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods)) as Operation[];
		const silent = operations.flatMap(({ parameters = [] }) => parameters).filter(({ description }) => !description);
		expect(new Set(silent.map(({ name }) => name))).toEqual(
			new Set(["id", "role", "status", "userId", "endedById", "reason"]),
		);
	});

	test("says what the forms of OAuth hold, and with which errors they are refused", () => {
		const { post } = document.paths["/api/oauth/token"] as unknown as { post: Form };
		const { requestBody, responses } = post;
		expect(requestBody.content).toHaveProperty("application/x-www-form-urlencoded");
		expect(JSON.stringify(document)).toMatch(/"TokenRequest":.*"grant_type".*"subject_token".*"refresh_token"/);
		expect(responses["400"]?.description).toContain("`invalid_grant`");
		expect(responses["401"]?.description).toContain("`invalid_client`");
		expect(Object.keys(responses["400"]?.content ?? {})).toEqual(["application/json"]);
	});

	test("describes every handler under app/api, and nothing that does not exist", () => {
		const described = Object.entries(document.paths).flatMap(([path, operations]) =>
			Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, "[$1]")}`),
		);
		const existing = findSurfaces(process.cwd()).surfaces.filter(
			({ kind, key }) => kind === "handler" && key.includes(" /api/"),
		);
		expect(described.toSorted()).toEqual(existing.map(({ key }) => key).toSorted());
	});
});
