import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/db/client";
import { auditEvents, identities, throttles, users } from "@/db/schema";
import { deleteOwnAccount, deleteUser } from "@/lib/accounts/deletion";
import { signIn } from "@/lib/accounts/sign-in";
import { changeRole } from "@/lib/admin/roles";
import { type HostileProvider, type Signing, startHostileProvider } from "@/lib/testing/hostile-provider";
import { createUser, sessionOf, type TestSession } from "@/lib/testing/people";
import { newVisitor } from "@/lib/testing/provider-visit";
import { configurationOf } from "./metadata";
import { beginVisit } from "./visit";

let provider: HostileProvider;
let other: HostileProvider;

beforeAll(async () => {
	provider = await startHostileProvider("hostile");
	other = await startHostileProvider("other");
	const roles = { claim: "groups", support: ["helpers"], admin: ["admins"] };
	process.env.OIDC_PROVIDERS = JSON.stringify([{ ...provider.settings, roles }, other.settings]);
});
afterAll(() => Promise.all([provider.stop(), other.stop()]));

let count = 0;
beforeEach(() => {
	Object.assign(provider, { signing: {}, trouble: {}, asked: {} });
});

/** Goes to the provider and comes back with what it makes of that, as somebody who can sign in if all is well. */
async function visit(claims: Record<string, unknown> = {}, change?: (answer: URL) => void) {
	const visitor = newVisitor();
	const sent = await visitor.begin("hostile");
	const email = `visitor-${++count}@example.com`;
	const nonce = sent.searchParams.get("nonce");
	provider.claims = { sub: `subject-${count}`, nonce, email, email_verified: true, ...claims };
	const answer = new URL(sent.searchParams.get("redirect_uri") ?? "");
	answer.searchParams.set("code", "a code");
	answer.searchParams.set("state", sent.searchParams.get("state") ?? "");
	answer.searchParams.set("iss", provider.settings.issuer);
	change?.(answer);
	return { ...(await visitor.bringBack(answer)), email, visitor, answer };
}

const lastRefusal = async () => {
	const events = await db.select().from(auditEvents).where(eq(auditEvents.action, "identity.refused"));
	return events.at(-1)?.detail;
};

test("a good answer signs in, so that what is refused below is refused for what is wrong with it", async () => {
	expect((await visit()).session).not.toBeNull();
});

test("what is sent to the provider binds the answer: code, state, nonce, PKCE with S256, and an address of ours", async () => {
	const sent = (await newVisitor().begin("hostile")).searchParams;
	expect(Object.fromEntries(sent)).toMatchObject({
		response_type: "code",
		client_id: "kickoff",
		code_challenge_method: "S256",
		redirect_uri: "http://localhost:3000/sign-in/callback/hostile",
	});
	for (const name of ["state", "nonce", "code_challenge"]) expect(sent.get(name), name).toMatch(/^[\w-]{43}$/);
	expect(sent.get("prompt"), "nobody is asked again").toBeNull();
	expect(Number(sent.get("max_age")), "but it has to say when they were").toBeGreaterThanOrEqual(31_536_000);
});

describe("an ID token", () => {
	const hour = 3_600;
	const now = () => Math.floor(Date.now() / 1000);
	const bad: Record<string, Signing | (() => Signing)> = {
		"by another issuer": { claims: { iss: "https://accounts.example.com" } },
		"by an issuer that only differs in a slash": () => ({ claims: { iss: `${provider.settings.issuer}/` } }),
		"by none": { claims: { iss: undefined } },
		"for another audience": { claims: { aud: "somebody-else" } },
		"for several, on behalf of another one": { claims: { aud: ["kickoff", "other"], azp: "other" } },
		"for no audience": { claims: { aud: undefined } },
		"with another nonce": { claims: { nonce: "another" } },
		"without a nonce": { claims: { nonce: undefined } },
		"that has expired": () => ({ claims: { exp: now() - hour } }),
		"that never expires": { claims: { exp: undefined } },
		"without a subject": { claims: { sub: undefined } },
		"that nobody signed (alg none)": { by: "nobody" },
		"signed by another key under the name of the right one": { by: "stranger" },
		"signed with the client's secret (HS256)": { by: "secret" },
		"signed with the public key as a secret": { by: "public key" },
		"that names another key": { header: { kid: "another" } },
		"that brings its own key": { by: "stranger", header: { kid: undefined, jwk: { kty: "EC" } as never } },
		"with an extension that nobody knows": { header: { crit: ["exp"], exp: 1 } as never },
		"with a subject of 100,000 characters": { claims: { sub: "x".repeat(100_000) } },
		"with a NUL in its subject": { claims: { sub: "some\u0000body" } },
		"whose subject is no text": { claims: { sub: { toString: "x" } } },
	};

	test.each(Object.entries(bad))("%s is refused, and is on record", async (_name, signing) => {
		provider.signing = typeof signing === "function" ? signing() : signing;
		expect(await visit()).toMatchObject({ refused: "untrusted", session: null });
		expect(await lastRefusal()).toEqual({ provider: "hostile", reason: "untrusted", errand: "sign_in" });
	});
});

describe("claims are input like any other:", () => {
	test.each([
		["a huge name", { name: "x".repeat(50_000) }],
		["a name of control characters", { name: "\u0000\u001b[31m" }],
		["a name that is no text", { name: ["a", { b: 1 }] }],
		["markup", { name: "<script>alert(1)</script>" }],
	])("%s does no harm", async (_name, claims) => {
		const { session, email } = await visit(claims);
		expect(session?.user.name).toBe(claims.name === "<script>alert(1)</script>" ? claims.name : email.split("@")[0]);
	});

	test.each([
		["is huge", { email: `${"x".repeat(50_000)}@example.com` }],
		["has a NUL in it", { email: "a\u0000b@example.com" }],
		["is a list", { email: ["a@example.com"] }],
		["is missing", { email: undefined }],
		["is verified only in words", { email_verified: "true" }],
		["is verified by a number", { email_verified: 1 }],
	])("an address that %s makes no account and is nobody's", async (_name, claims) => {
		expect(await visit(claims)).toMatchObject({ refused: "unverified", session: null });
	});

	test("an address with a name that is too long for ours still makes an account", async () => {
		const { session } = await visit({ name: undefined, email: `${"x".repeat(150)}@example.com` });
		expect(session?.user.name).toBe("Somebody");
	});

	test.each([
		["that is left out", undefined],
		["beyond all numbers of seconds", 1e300],
		["beyond all dates", 1e15],
	])("a time of authentication %s is none, and such a sign-in no fresh proof", async (_name, auth_time) => {
		const session = (await visit({ auth_time })).session as TestSession;
		expect(session.authenticatedAt).toEqual(new Date(0));
		const deleting = deleteOwnAccount(session, { email: session.user.email });
		await expect(deleting).rejects.toMatchObject({ code: "proof-required" });
	});

	test("a sign-in is as fresh as the time of authentication, and never fresher than now", async () => {
		const authenticatedAt = async (auth_time: number) =>
			(await visit({ auth_time })).session?.authenticatedAt.getTime();
		const now = Math.floor(Date.now() / 1000);
		expect(await authenticatedAt(now - 86_400)).toBe((now - 86_400) * 1000);
		expect(await authenticatedAt(now + 86_400)).toBeLessThanOrEqual(Date.now());
	});

	test("the owner's address does not make anybody the owner unless it is verified there", async () => {
		const owner = await createUser({ role: "owner" });
		expect(await visit({ email: owner.email, email_verified: false })).toMatchObject({ refused: "unverified" });
		expect(await db.$count(identities, eq(identities.userId, owner.id))).toBe(0);
	});

	test("a role is given to newcomers as the configuration says, and none other, and never to be an owner", async () => {
		const roleOf = async (claims: Record<string, unknown>) => (await visit(claims)).session?.user.role;
		expect(await roleOf({ groups: ["helpers"] })).toBe("support");
		expect(await roleOf({ groups: "admins" })).toBe("admin");
		expect(await roleOf({ groups: ["owner", "owners"], role: "owner", roles: ["admin"] })).toBe("user");
	});

	test("a role is not raised of somebody who has an account", async () => {
		const alice = await createUser();
		expect((await visit({ email: alice.email, groups: ["admins"] })).session?.user.role).toBe("user");
		const [row] = await db.select({ role: users.role }).from(users).where(eq(users.id, alice.id));
		expect(row?.role).toBe("user");
	});

	test("a role that was taken from somebody is not got back by deleting the account and coming back", async () => {
		const owner = await sessionOf(await createUser({ role: "owner" }));
		const claims = { sub: "demoted", groups: ["admins"] };
		const first = (await visit(claims)).session?.user;
		expect(first?.role).toBe("admin");
		await changeRole(owner, first?.id ?? "", "support");
		await deleteUser(owner, first?.id ?? "", "Asked to be forgotten");
		const again = (await visit(claims)).session?.user;
		expect(again).toMatchObject({ role: "user", id: expect.not.stringMatching(first?.id ?? "") });
		const events = await db
			.select()
			.from(auditEvents)
			.where(eq(auditEvents.targetId, again?.id ?? ""));
		expect(events[0]).toMatchObject({ action: "account.created", detail: { role: "user" } });
	});
});

describe("an answer", () => {
	test("of one provider is not taken for the other's (mix-up)", async () => {
		const atOther = (answer: URL) => {
			answer.pathname = "/sign-in/callback/other";
		};
		expect(await visit({}, atOther)).toMatchObject({ refused: "stale", session: null });
		expect(other.asked["/token"], "and its code is not given to the other").toBeUndefined();
	});

	test.each([
		["without the issuer that the provider promised to send", (answer: URL) => answer.searchParams.delete("iss")],
		["of another issuer", (answer: URL) => answer.searchParams.set("iss", other.settings.issuer)],
		["that brings a token along", (answer: URL) => answer.searchParams.set("id_token", "x.y.z")],
		["without a code", (answer: URL) => answer.searchParams.delete("code")],
	])("%s is refused before the code is spent", async (_name, change) => {
		expect(await visit({}, change)).toMatchObject({ refused: "untrusted", session: null });
		expect(provider.asked["/token"]).toBeUndefined();
	});

	test("that is an error is answered by words of ours, and by nothing of what it says", async () => {
		const { path } = await visit({}, (answer) => {
			answer.searchParams.delete("code");
			answer.searchParams.set("error", "server_error");
			answer.searchParams.set("error_description", "<script>alert(1)</script> call 555-1234");
		});
		expect(path).toBe("/sign-in?refused=untrusted&next=%2Fprojects");
	});
});

describe("a provider", () => {
	test.each(["fails", "is huge", "redirects", "is no JSON"] as const)(
		"whose token endpoint %s signs nobody in",
		async (trouble) => {
			provider.trouble = { "/token": trouble };
			const reason = trouble === "fails" ? "unreachable" : "untrusted";
			expect(await visit()).toMatchObject({ refused: reason, session: null });
		},
	);

	test("may change its keys whenever it likes: the next answer is checked with the new ones", async () => {
		expect((await visit()).session).not.toBeNull();
		await provider.rotateKey();
		expect((await visit()).session).not.toBeNull();
	});

	test("that never answers is given up after a few seconds, and nobody's password waits for it", async () => {
		provider.trouble = { "/token": "hangs" };
		const alice = await createUser({ password: "correct horse battery" });
		const waiting = visit();
		const started = performance.now();
		const given = { email: alice.email, password: "correct horse battery" };
		await signIn(given, { ip: "198.51.100.250", userAgent: null }, null);
		expect(performance.now() - started).toBeLessThan(4_000);
		expect(await waiting).toMatchObject({ refused: "unreachable", session: null });
	});

	test("that is down says so in the form, and is asked again the next time", async () => {
		const down = await startHostileProvider("down");
		await down.stop();
		await expect(configurationOf(down.settings)).rejects.toMatchObject({ code: "unavailable", reason: "unreachable" });
		await expect(configurationOf(down.settings)).rejects.toMatchObject({ reason: "unreachable" });
	});

	test("that is down takes no visit from the network's share", async () => {
		const down = await startHostileProvider("down-for-long");
		await down.stop();
		const visit = {
			errand: "sign_in",
			session: null,
			next: "/",
			browser: "x",
			origin: { ip: "192.0.2.99", userAgent: null },
		} as const;
		await expect(beginVisit(down.settings, visit)).rejects.toMatchObject({ reason: "unreachable" });
		const before = await db.$count(throttles);
		await beginVisit(provider.settings, visit);
		expect(await db.$count(throttles), "the first that counts").toBe(before + 1);
	});

	const endpoints = [
		"authorization_endpoint",
		"token_endpoint",
		"jwks_uri",
		"userinfo_endpoint",
		"end_session_endpoint",
	];

	test.each(endpoints)("whose %s is not reached by HTTPS is not trusted", async (part) => {
		const issuer = `https://${part.replaceAll("_", "-")}.example.com`;
		const said = Object.fromEntries(endpoints.map((name) => [name, `${issuer}/${name}`]));
		const answers = [{ ...said, [part]: "http://id.example.com/" }, said];
		const asked = vi.spyOn(globalThis, "fetch");
		for (const answer of answers) asked.mockResolvedValueOnce(Response.json({ issuer, ...answer }));
		const settings = { ...provider.settings, id: part.replaceAll("_", "-"), issuer };
		await expect(configurationOf(settings)).rejects.toMatchObject({ reason: "unreachable" });
		await expect(configurationOf(settings)).resolves.toBeTruthy();
		asked.mockRestore();
	});

	test("that calls itself by another name than the configuration does is not asked for anything else", async () => {
		const settings = {
			...provider.settings,
			id: "misnamed",
			issuer: provider.settings.issuer.replace("localhost", "127.0.0.1"),
		};
		await expect(configurationOf(settings)).rejects.toMatchObject({ reason: "unreachable" });
	});
});
