import { describe, expect, test } from "vitest";
import { createUser, impersonationOf, sessionOf } from "@/lib/testing/people";
import { duringRequest, requestAs } from "@/lib/testing/request";
import { currentSession, requirePage, requirePermission } from "./current";

describe("whoever asks is known by the session cookie alone", () => {
	test("a live session is the person it belongs to", async () => {
		const alice = await createUser({ name: "Alice" });
		const session = await duringRequest(requestAs(await sessionOf(alice), "/dashboard"), currentSession);
		expect(session).toMatchObject({ user: alice, impersonator: null });
	});

	test("a visitor is nobody", async () => {
		expect(await duringRequest(requestAs(null, "/dashboard"), currentSession)).toBeNull();
	});

	test("two session cookies on one request are nobody, whichever comes first", async () => {
		const alice = await requestAs(await sessionOf(await createUser()), "/");
		const bob = await requestAs(await sessionOf(await createUser()), "/");
		alice.headers.set("cookie", `${alice.headers.get("cookie")}; ${bob.headers.get("cookie")}`);
		expect(await duringRequest(alice, currentSession)).toBeNull();
	});

	test("a permission that the role has gives the session, one that it has not is refused", async () => {
		const support = await sessionOf(await createUser({ role: "support" }));
		const ask = (permission: Parameters<typeof requirePermission>[0]) =>
			duringRequest(requestAs(support, "/admin"), () => requirePermission(permission));
		expect((await ask("users.view")).id).toBe(support.id);
		await expect(ask("users.suspend")).rejects.toMatchObject({ code: "forbidden" });
	});

	test("an admin who impersonates a user has the user's permissions, without the credentials", async () => {
		const admin = await sessionOf(await createUser({ role: "admin" }));
		const session = await impersonationOf(await createUser(), admin);
		const ask = (permission: Parameters<typeof requirePermission>[0]) =>
			duringRequest(requestAs(session, "/"), () => requirePermission(permission));
		expect((await ask("product.use")).impersonator?.id).toBe(admin.user.id);
		await expect(ask("users.view")).rejects.toMatchObject({ code: "forbidden" });
		await expect(ask("password.change")).rejects.toMatchObject({ code: "forbidden" });
	});

	test("a page sends a visitor to sign-in and back, and does not exist for those who may not see it", async () => {
		const page = () => requirePage("users.view", "/admin/users");
		const visitor = duringRequest(requestAs(null, "/admin/users"), page);
		await expect(visitor).rejects.toMatchObject({ digest: expect.stringContaining("/sign-in?next=%2Fadmin%2Fusers") });
		const user = duringRequest(requestAs(await sessionOf(await createUser()), "/admin/users"), page);
		await expect(user).rejects.toMatchObject({ digest: expect.stringContaining("404") });
	});
});
