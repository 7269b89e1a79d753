import { describe, expect, test } from "vitest";
import { createUser, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { GET } from "./route";

const download = (session: TestSession | null, query = "") =>
	call(GET, requestAs(session, `/admin/audit/export${query}`));

describe("the export of the audit log", () => {
	test("is a CSV file that nobody keeps, of what was asked for", async () => {
		const admin = await sessionOf(await createUser({ role: "admin", name: "Amir" }));
		const response = await download(admin, "?what=audit.exported&who=amir");
		expect(response.status).toBe(200);
		expect(response.headers.get("cache-control")).toBe("private, no-store");
		expect(response.headers.get("content-type")).toContain("text/csv");
		expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="audit-log-[\d-]{10}\.csv"$/);
		const lines = (await response.text()).trimEnd().split("\r\n");
		expect(lines, "the head, and this very export").toHaveLength(2);
	});

	test("is refused to visitors, users and support", async () => {
		expect((await download(null)).status).toBe(401);
		for (const role of ["user", "support"] as const) {
			const response = await download(await sessionOf(await createUser({ role })));
			expect(response.status).toBe(403);
			expect(response.headers.get("content-type")).toBe("application/problem+json");
		}
	});

	test("is refused for a filter that makes no sense, with the reason", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const response = await download(admin, "?ip=nowhere");
		expect(response.status).toBe(400);
		expect((await response.json()).errors).toHaveProperty("ip");
		expect((await download(admin, "?unknown=1")).status).toBe(400);
	});
});
