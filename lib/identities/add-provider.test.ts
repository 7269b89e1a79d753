import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { freePort } from "@/db/embedded-server";
import { auditEvents, identityProviders } from "@/db/schema";
import { environment } from "@/lib/environment";
import { addedProvider, typedFor } from "@/lib/testing/console-provider";
import { type HostileProvider, startHostileProvider } from "@/lib/testing/hostile-provider";
import { createUser, impersonationOf, letProofAge, sessionOf, type TestSession } from "@/lib/testing/people";
import { newVisitor } from "@/lib/testing/provider-visit";
import { type IdentityProvider, startIdentityProvider } from "@/scripts/identity-provider";
import { addProvider } from "./add-provider";
import { newProviderSchema, rolesOf } from "./console-fields";
import { findProvider, providers } from "./providers";

const DISCOVERY = "/.well-known/openid-configuration";
let configured: IdentityProvider;
let hostile: HostileProvider;
let owner: TestSession;

beforeAll(async () => {
	configured = await startIdentityProvider({ port: await freePort(), apps: ["http://localhost:3000"], people: [] });
	hostile = await startHostileProvider();
	process.env.OIDC_PROVIDERS = JSON.stringify([configured.settings]);
	owner = await sessionOf(await createUser({ role: "owner" }));
});
afterAll(() => Promise.all([configured.stop(), hostile.stop()]));
afterEach(() => {
	Object.assign(hostile, { trouble: {}, metadata: {} });
});

const rows = () => db.select().from(identityProviders).orderBy(identityProviders.id);

describe("a provider that an owner adds", () => {
	test("is offered after the configuration's, and signed in with, from the next request on", async () => {
		const { settings, stop } = await addedProvider(owner);
		expect((await providers()).map(({ id }) => id)).toEqual(["demo", settings.id]);
		const { session } = await newVisitor().signIn(settings.id, { email: "nora@example.com" });
		expect(session?.user.email).toBe("nora@example.com");
		await stop();
	});

	test("leaves a row and an audit event, and its secret in neither", async () => {
		const { settings, stop } = await addedProvider(owner);
		const [row] = await db.select().from(identityProviders).where(eq(identityProviders.id, settings.id));
		expect(row).toMatchObject({ issuer: settings.issuer, createdById: owner.user.id, disabledAt: null });
		const [event] = await db.select().from(auditEvents).where(eq(auditEvents.action, "provider.added")).limit(1);
		expect(event).toMatchObject({ actorId: owner.user.id });
		const events = await db.select().from(auditEvents);
		expect(JSON.stringify([row, events])).not.toContain(settings.clientSecret);
		await stop();
	});

	test("is added by nobody but an owner who lately proved who they are, and for others no host is asked", async () => {
		const before = { rows: await rows(), asked: { ...hostile.asked } };
		const typed = typedFor({ ...hostile.settings, id: "forbidden" });
		for (const role of ["user", "support", "admin"] as const) {
			const session = await sessionOf(await createUser({ role }));
			await expect(addProvider(session, typed), role).rejects.toMatchObject({ code: "forbidden" });
		}
		const admin = await createUser({ role: "admin" });
		const impersonation = await impersonationOf(admin, owner);
		await expect(addProvider(impersonation, typed)).rejects.toMatchObject({ code: "forbidden" });
		const stale = await sessionOf(owner.user);
		await letProofAge(stale);
		await expect(addProvider(stale, typed)).rejects.toMatchObject({ code: "proof-required" });
		expect({ rows: await rows(), asked: hostile.asked }).toEqual(before);
	});

	test("takes no id and no issuer that the configuration or the console has already", async () => {
		const { settings: added, stop } = await addedProvider(owner);
		const before = await rows();
		for (const taken of [configured.settings, added]) {
			const ofId = addProvider(owner, typedFor({ ...hostile.settings, id: taken.id }));
			await expect(ofId).rejects.toMatchObject({ code: "conflict", fields: { id: [expect.any(String)] } });
			const ofIssuer = addProvider(owner, typedFor({ ...taken, id: "another" }));
			await expect(ofIssuer).rejects.toMatchObject({ code: "conflict", fields: { issuer: [expect.any(String)] } });
		}
		expect(await rows()).toEqual(before);
		await stop();
	});

	test("that two owners add at once is added once", async () => {
		const typed = typedFor({ ...hostile.settings, id: "at-once" });
		const both = await Promise.allSettled([addProvider(owner, typed), addProvider(owner, typed)]);
		expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
		expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
		await db.delete(identityProviders).where(eq(identityProviders.id, "at-once"));
	});

	test.each([
		["hangs up", /does not answer/],
		["fails", /does not answer/],
		["redirects", /no identity provider/],
		["is no JSON", /no identity provider/],
		["is huge", /no identity provider/],
	] as const)("is not added when its issuer %s, and the field says so", async (trouble, message) => {
		hostile.trouble[DISCOVERY] = trouble;
		const added = addProvider(owner, typedFor({ ...hostile.settings, id: "trouble" }));
		await expect(added).rejects.toMatchObject({
			code: "invalid",
			fields: { issuer: [expect.stringMatching(message)] },
		});
		expect(await findProvider("trouble")).toBeUndefined();
	});

	test("is not added when the issuer writes itself otherwise, and the field says how", async () => {
		const { issuer } = hostile.settings;
		for (const other of [`${issuer}/`, issuer.replace("localhost", "127.0.0.1")]) {
			const added = addProvider(owner, typedFor({ ...hostile.settings, id: "otherwise", issuer: other }));
			const fields = { issuer: [`It calls itself ${issuer}, which has to be written exactly so.`] };
			await expect(added, other).rejects.toMatchObject({ code: "invalid", fields });
		}
		hostile.metadata = { issuer: `${issuer}/{tenant}` };
		const forMany = addProvider(owner, typedFor({ ...hostile.settings, id: "otherwise" }));
		const fields = { issuer: [expect.stringMatching(/for several tenants/)] };
		await expect(forMany).rejects.toMatchObject({ code: "invalid", fields });
		expect(await findProvider("otherwise")).toBeUndefined();
	});
});

describe("what is typed about a provider", () => {
	const typed = { id: "acme", name: "Acme", issuer: "https://id.example.com", clientId: "a", clientSecret: "b" };
	const problemsOf = (given: object) =>
		newProviderSchema.safeParse({ ...typed, ...given }).error?.issues.map(({ path }) => path[0]);

	test("is held to the rules of the configuration", () => {
		expect(problemsOf({})).toBeUndefined();
		for (const id of ["", "A", "a/b", "-a", "a".repeat(33), "a\n"]) expect(problemsOf({ id }), id).toEqual(["id"]);
		for (const issuer of [
			"",
			"id.example.com",
			"http://id.example.com",
			"https://a@b.example",
			"https://a.example/?b",
		]) {
			expect(problemsOf({ issuer }), issuer).toContain("issuer");
		}
		for (const field of ["name", "clientId", "clientSecret"]) {
			for (const value of [" ", "a\0", "a".repeat(501)]) expect(problemsOf({ [field]: value })).toContain(field);
		}
	});

	test("may name a provider on this machine only where we are on this machine ourselves", () => {
		const issuer = "http://localhost:4000";
		expect(problemsOf({ issuer })).toBeUndefined();
		const { APP_URL } = environment();
		environment().APP_URL = "https://app.example.com";
		try {
			expect(problemsOf({ issuer })).toEqual(["issuer"]);
			expect(problemsOf({})).toBeUndefined();
		} finally {
			environment().APP_URL = APP_URL;
		}
	});

	test("gives newcomers a role by a claim and its values, never by half of that", () => {
		const roles = (given: object) => rolesOf(newProviderSchema.parse({ ...typed, ...given }));
		expect(roles({})).toBeNull();
		expect(roles({ rolesClaim: "groups", adminValues: "IT staff, root\nroot" })).toEqual({
			claim: "groups",
			admin: ["IT staff", "root"],
			support: [],
		});
		expect(() => roles({ rolesClaim: "groups" })).toThrow(/which value/);
		expect(() => roles({ supportValues: "help" })).toThrow(/which claim/);
	});

	test("says of claims and their values only what the database can keep", () => {
		for (const field of ["rolesClaim", "adminValues", "supportValues"]) {
			expect(problemsOf({ [field]: "a\0" }), field).toEqual([field]);
		}
	});
});
