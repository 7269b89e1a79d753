import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Refusal } from "@/lib/errors";
import { createUser, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { endpoint } from "./endpoint";

const facts = { name: "test", summary: "Test" } as const;
const answer = z.object({ name: z.string(), at: z.date() });
const body = z.strictObject({ name: z.string().max(10), sizes: z.array(z.int()).optional() });

const calls: unknown[] = [];
const POST = endpoint({ ...facts, permission: "product.use", body, answer, status: 201 }, async ({ body }) => {
	calls.push(body);
	return { name: body.name, at: new Date(0), tokenHash: "never to be seen" };
});
const GET = endpoint(
	{ ...facts, permission: "users.view", query: z.strictObject({ role: z.enum(["a", "b"]).optional() }) },
	async ({ query }) => void calls.push(query),
);

let alice: TestSession;
let support: TestSession;

beforeAll(async () => {
	alice = await sessionOf(await createUser());
	support = await sessionOf(await createUser({ role: "support" }));
});

const post = (options: Parameters<typeof requestAs>[2]) =>
	call(POST, requestAs(alice, "/test", { method: "POST", ...options }));
const get = (query: string) => call(GET, requestAs(support, `/test${query}`));

/** What the response refuses, and that nothing was done. */
async function refusal(response: Response) {
	expect(response.headers.get("content-type")).toBe("application/problem+json");
	expect(response.headers.get("cache-control")).toBe("private, no-store");
	expect(calls.splice(0)).toEqual([]);
	const problem = await response.json();
	expect(problem).toMatchObject({ type: "about:blank", status: response.status, title: expect.any(String) });
	return problem;
}

describe("an endpoint answers", () => {
	test("what its contract names, and nothing else that the work gave it", async () => {
		const response = await post({ body: { name: "Kickoff" } });
		expect(response.status).toBe(201);
		expect(response.headers.get("cache-control")).toBe("private, no-store");
		expect(await response.json()).toEqual({ name: "Kickoff", at: "1970-01-01T00:00:00.000Z" });
		expect(calls.splice(0)).toEqual([{ name: "Kickoff" }]);
	});

	test("204 when the contract names no answer", async () => {
		const response = await get("?role=a");
		expect(response.status).toBe(204);
		expect(response.headers.get("cache-control")).toBe("private, no-store");
		expect(calls.splice(0)).toEqual([{ role: "a" }]);
	});

	test("a mistake of ours with a reference, and nothing about it", async () => {
		const broken = endpoint({ ...facts, permission: "public" }, async () => {
			throw new Error("select token_hash from sessions");
		});
		const problem = await refusal(await call(broken, requestAs(null, "/test")));
		expect(problem).toMatchObject({ status: 500, code: "bug" });
		expect(JSON.stringify(problem)).not.toContain("token_hash");
	});

	test("a refusal with its code, its status and its sentence", async () => {
		const refusing = endpoint({ ...facts, permission: "public" }, async () => {
			throw new Refusal("conflict", "They are the last owner.");
		});
		const problem = await refusal(await call(refusing, requestAs(null, "/test")));
		expect(problem).toMatchObject({ status: 409, code: "conflict", detail: "They are the last owner." });
	});
});

describe("an endpoint lets nobody in who may not", () => {
	test("not visitors", async () => {
		const request = requestAs(null, "/test", { method: "POST", body: { name: "Kickoff" } });
		expect(await refusal(await call(POST, request))).toMatchObject({ status: 401, code: "session-ended" });
	});

	test("not people without the permission, whatever they send", async () => {
		expect(await refusal(await call(GET, requestAs(alice, "/test?role=x")))).toMatchObject({ code: "forbidden" });
	});

	test.each([
		["from another origin", { origin: "https://evil.example" }],
		["from another port of the same host", { origin: "http://localhost:3001" }],
		["from an opaque origin", { origin: "null" }],
	])("not requests %s", async (_, headers) => {
		const problem = await refusal(await post({ body: { name: "Kickoff" }, headers }));
		expect(problem).toMatchObject({ status: 403, code: "foreign-origin" });
	});

	test("not requests without an origin, unless the browser says that they are ours", async () => {
		const request = await requestAs(alice, "/test", { method: "POST", body: { name: "Kickoff" } });
		request.headers.delete("origin");
		expect(await refusal(await call(POST, request.clone()))).toMatchObject({ code: "foreign-origin" });
		request.headers.set("sec-fetch-site", "same-site");
		expect(await refusal(await call(POST, request.clone()))).toMatchObject({ code: "foreign-origin" });
		request.headers.set("sec-fetch-site", "same-origin");
		expect((await call(POST, request)).status).toBe(201);
		calls.length = 0;
	});
});

describe("an endpoint refuses a body", () => {
	test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", ""])(
		"that is sent as %j",
		async (type) => {
			const response = await post({ body: '{"name":"Kickoff"}', headers: { "content-type": type } });
			expect(await refusal(response)).toMatchObject({ status: 415, code: "unsupported-media-type" });
		},
	);

	test("that is no JSON, empty, or not UTF-8", async () => {
		for (const body of ["{", "", '{"name":}', "\u0000"]) {
			expect(await refusal(await post({ body }))).toMatchObject({ status: 400, code: "invalid" });
		}
		const request = await requestAs(alice, "/test", { method: "POST", body: { name: "" } });
		const latin1 = new Request(request, { body: Buffer.from('{"name":"J\xf6rg"}', "latin1") });
		expect(await refusal(await call(POST, latin1))).toMatchObject({
			status: 400,
			detail: expect.stringContaining("UTF-8"),
		});
	});

	test("that is larger than 64 KiB, without reading it to the end", async () => {
		let chunksRead = 0;
		const endless = new ReadableStream({
			pull(controller) {
				chunksRead++;
				controller.enqueue(new Uint8Array(16_384).fill(0x20));
			},
		});
		const request = await requestAs(alice, "/test", { method: "POST", body: {} });
		const huge = new Request(request, { body: endless, duplex: "half" } as RequestInit);
		expect(await refusal(await call(POST, huge))).toMatchObject({ status: 413, code: "too-large" });
		expect(chunksRead).toBeLessThan(10);
	});

	test("with the wrong types, and says beside each field what is wrong", async () => {
		const problem = await refusal(await post({ body: { name: 7, sizes: [1, "two"] } }));
		expect(problem).toMatchObject({ status: 400, code: "invalid" });
		expect(Object.keys(problem.errors)).toEqual(["name", "sizes.1"]);
	});

	test.each(["admin", "__proto__", "constructor", "toString"])("with the unknown field %j", async (field) => {
		const problem = await refusal(await post({ body: `{"name":"Kickoff","${field}":true}` }));
		expect(problem).toMatchObject({ status: 400, code: "invalid" });
		expect(Object.entries(problem.errors)).toEqual([[field, ["There is no such field."]]]);
	});

	test.each([null, [], "Kickoff", 7, true])("that is %j instead of an object", async (body) => {
		expect(await refusal(await post({ body: JSON.stringify(body) }))).toMatchObject({ status: 400, code: "invalid" });
	});

	test("where it takes none", async () => {
		const DELETE = endpoint({ ...facts, permission: "product.use" }, async () => void calls.push("deleted"));
		const request = requestAs(alice, "/test", { method: "DELETE", body: { everything: true } });
		expect(await refusal(await call(DELETE, request))).toMatchObject({ status: 400, code: "invalid" });
	});
});

describe("an endpoint refuses a query", () => {
	test("with a parameter that it does not know", async () => {
		const problem = await refusal(await get("?rolle=a"));
		expect(problem).toMatchObject({ status: 400, errors: { rolle: ["There is no such field."] } });
	});

	test("with a parameter twice, even if both agree", async () => {
		const problem = await refusal(await get("?role=a&role=a"));
		expect(problem).toMatchObject({ status: 400, errors: { role: ["Give this parameter once."] } });
	});

	test("with a value that is not one of those it takes", async () => {
		for (const query of ["?role=c", "?role=", "?role=%00", "?role=a%00"]) {
			const problem = await refusal(await get(query));
			expect(problem).toMatchObject({ status: 400, errors: { role: [expect.any(String)] } });
		}
	});

	test("where it takes none", async () => {
		const request = requestAs(alice, "/test?dry-run=1", { method: "POST", body: { name: "Kickoff" } });
		expect(await refusal(await call(POST, request))).toMatchObject({ status: 400, code: "invalid" });
	});
});
