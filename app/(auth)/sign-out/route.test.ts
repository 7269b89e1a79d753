import { expect, test } from "vitest";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { findSession } from "@/lib/session/lookup";
import { createUser, impersonationOf, sessionOf, type TestSession } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { GET, POST } from "./route";

const signOut = (session: TestSession | null) => call(POST, requestAs(session, "/sign-out", { method: "POST" }));
const again = ({ tokens, origin }: TestSession) => findSession(tokens, origin);

test("signing out ends the session, clears the cookie and leaves for the sign-in page", async () => {
	const alice = await sessionOf(await createUser());
	const answer = await signOut(alice);
	expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in"]);
	expect(answer.headers.getSetCookie()[0]).toMatch(/Max-Age=0/);
	expect(await again(alice)).toBeNull();
});

test("signing out ends the admin's own session too, also when the impersonation in front of it is over already", async () => {
	const [admin, owner] = [
		await sessionOf(await createUser({ role: "admin" })),
		await sessionOf(await createUser({ role: "owner" })),
	];
	const person = await createUser();
	const impersonation = await impersonationOf(person, admin);
	await forceLogoutEverywhere(owner, person.id);
	expect(await again(admin)).not.toBeNull();
	expect((await signOut(impersonation)).status).toBe(303);
	expect(await again(admin)).toBeNull();
});

test("whoever is out already is taken to the sign-in page all the same", async () => {
	expect((await signOut(null)).status).toBe(303);
});

test("a link signs nobody out, and leads to the dashboard", async () => {
	const alice = await sessionOf(await createUser());
	const answer = await call(GET, requestAs(alice, "/sign-out"));
	expect([answer.status, answer.headers.get("location")]).toEqual([303, "/dashboard"]);
	expect(await again(alice)).not.toBeNull();
});
