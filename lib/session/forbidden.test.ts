import { afterEach, describe, expect, test, vi } from "vitest";
import { changeRole } from "@/lib/admin/roles";
import { suspend } from "@/lib/admin/suspension";
import { Refusal } from "@/lib/errors";
import { log } from "@/lib/log";
import { countAttempts } from "@/lib/rate-limit/throttle";
import { requireSameOrigin } from "@/lib/request/same-origin";
import { createUser, impersonationOf, sessionOf } from "@/lib/testing/people";
import { duringRequest, requestAs } from "@/lib/testing/request";
import { requirePermission } from "./current";

const warned = vi.spyOn(log, "warn");
afterEach(() => warned.mockClear());

const lastLine = () => warned.mock.lastCall?.[0];

describe("a refusal is in the log", () => {
	test("of a permission: who asked, in which session, from where and for what", async () => {
		const alice = await sessionOf(await createUser());
		const asking = duringRequest(requestAs(alice, "/", { headers: { "x-client-address": "192.0.2.77" } }), () =>
			requirePermission("users.view"),
		);
		await expect(asking).rejects.toThrow(Refusal);
		expect(lastLine()).toEqual({
			refused: "forbidden",
			user: alice.user.id,
			session: alice.id,
			ip: "192.0.2.77",
			permission: "users.view",
		});
	});

	test("of an act on somebody out of reach: on whom", async () => {
		const [admin, owner] = [await sessionOf(await createUser({ role: "admin" })), await createUser({ role: "owner" })];
		await expect(suspend(admin, owner.id, { reason: "A coup" })).rejects.toThrow(Refusal);
		expect(lastLine()).toMatchObject({ user: admin.user.id, permission: "users.suspend", people: [owner.id] });
	});

	test("of an impersonator: the admin, and as whom", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const impersonation = await impersonationOf(await createUser({ role: "admin" }), owner);
		await expect(changeRole(impersonation, (await createUser()).id, "support")).rejects.toThrow(Refusal);
		expect(lastLine()).toMatchObject({ user: owner.user.id, actingAs: impersonation.user.id });
	});

	test("of another site: which one, and nothing of what it sent", async () => {
		const headers = new Headers({ origin: "https://evil.example", cookie: "__Host-session=secret" });
		expect(() => requireSameOrigin("POST", headers)).toThrow(Refusal);
		expect(lastLine()).toEqual({ refused: "foreign-origin", ip: null, origin: "https://evil.example" });
	});

	test("of one attempt too many: what was tried, and for whom only as a hash", async () => {
		const attempts = Array.from({ length: 101 }, () => countAttempts([["sign-up-address", "198.51.100.99"]]));
		await Promise.allSettled(attempts);
		expect(lastLine()).toMatchObject({ refused: "too-many-attempts", throttle: "sign-up-address" });
		expect(JSON.stringify(warned.mock.calls)).not.toContain("198.51.100.99");
	});
});
