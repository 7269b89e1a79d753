import { expect, test } from "vitest";
import { withoutDatabase } from "@/db/testing/outage";
import { requireDatabase } from "@/lib/health";
import { createUser, sessionOf } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { endpoint } from "./endpoint";

const GET = endpoint({ name: "test", summary: "Test", permission: "product.use" }, async () => {});
const HEALTH = endpoint({ name: "health", summary: "Test", permission: "public" }, () => requireDatabase());

test("while the database is away an endpoint answers 503 and serves nobody, and afterwards it works by itself", async () => {
	const alice = await sessionOf(await createUser());
	const ask = () => call(GET, requestAs(alice, "/test"));
	const health = () => call(HEALTH, requestAs(null, "/test"));
	expect((await ask()).status).toBe(204);

	await withoutDatabase(async () => {
		for (const response of [await ask(), await health(), await ask()]) {
			expect(response.status).toBe(503);
			expect(response.headers.get("retry-after")).toBe("5");
			expect(response.headers.get("cache-control")).toBe("private, no-store");
			const text = await response.text();
			expect(JSON.parse(text)).toMatchObject({ code: "unavailable" });
			expect(text).not.toMatch(/postgres|kickoff_test|127\.0\.0\.1/);
		}
	});

	expect((await ask()).status).toBe(204);
	expect((await health()).status).toBe(204);
});
