import { eq } from "drizzle-orm";
import { decodeJwt } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { db, type Transaction } from "@/db/client";
import { serviceClients, sessions, users } from "@/db/schema";
import { connectionsWait } from "@/db/testing/locks";
import { signInApp } from "@/lib/accounts/sign-in";
import type { ServiceClient } from "@/lib/services/authenticate";
import {
	createServiceClient,
	rotateSecret,
	serviceClientSchema,
	setServiceClientDisabled,
} from "@/lib/services/clients";
import { ACCESS_TOKEN_TYPE, issueServiceToken, TOKEN_EXCHANGE } from "@/lib/services/token";
import { createUser, sessionOf, type TestSession } from "@/lib/testing/people";
import { mintAccessToken } from "./access-token";
import { firstTokens, refresh } from "./refresh";

const password = "correct horse battery";
const origin = { ip: "198.51.100.7", userAgent: "Kickoff/1.0 okhttp/4.12" };

let owner: TestSession;
beforeAll(async () => {
	owner = await sessionOf(await createUser({ role: "owner" }));
});

async function newClient(): Promise<ServiceClient> {
	const input = { name: crypto.randomUUID(), scopes: "inventory:read", audiences: "https://inventory.example.com" };
	const { id } = await createServiceClient(owner, serviceClientSchema.parse(input));
	const [client] = await db.select().from(serviceClients).where(eq(serviceClients.id, id));
	return client as ServiceClient;
}

/** Ways to get a token for somebody's session: each prepares the session, and gives its person and what asks. */
const ways = {
	"with the session's cookie": async () => {
		const alice = await sessionOf(await createUser({ role: "support" }));
		return { userId: alice.user.id, ask: async () => (await mintAccessToken(alice)).token };
	},
	"with a refresh token": async () => {
		const { id, email } = await createUser({ role: "support", password });
		const tokens = await firstTokens(await signInApp({ email, password, device: "A phone" }, origin), origin);
		return { userId: id, ask: async () => (await refresh(tokens.refresh_token, origin)).access_token };
	},
	"by a service that exchanges the person's token": async () => {
		const alice = await sessionOf(await createUser({ role: "support" }));
		const { token: subjectToken } = await mintAccessToken(alice);
		const asked = { grantType: TOKEN_EXCHANGE, subjectToken, subjectTokenType: ACCESS_TOKEN_TYPE };
		const client = await newClient();
		return { userId: alice.user.id, ask: async () => (await issueServiceToken(client, asked)).token };
	},
};

/** What somebody else commits while the token is asked for: after the look-up, and before anything is signed. */
async function asking(ask: () => Promise<string>, meanwhile: (tx: Transaction) => Promise<unknown>) {
	const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
	const { promise: hasBegun, resolve: begin } = Promise.withResolvers<void>();
	const other = db.transaction(async (tx) => {
		await meanwhile(tx);
		begin();
		await mayCommit;
	});
	await hasBegun;
	const answer = ask().then(
		(token) => ({ token, error: undefined }),
		(error: { code: string }) => ({ token: undefined, error }),
	);
	await connectionsWait();
	commit();
	await other;
	return answer;
}

describe.each(Object.entries(ways))("whoever asks for a token %s", (_way, prepare) => {
	test("gets none when the session ended between the look-up and the signature", async () => {
		const { userId, ask } = await prepare();
		const { token, error } = await asking(ask, (tx) => tx.delete(sessions).where(eq(sessions.userId, userId)));
		expect(token).toBeUndefined();
		expect(["session-ended", "invalid_grant"]).toContain(error?.code);
	});

	test("gets one with the role that the person has when it is signed", async () => {
		const { userId, ask } = await prepare();
		const demote = (tx: Transaction) => tx.update(users).set({ role: "user" }).where(eq(users.id, userId));
		const { token } = await asking(ask, demote);
		expect(decodeJwt(token ?? "")).toMatchObject({ sub: userId, role: "user" });
	});
});

test.each([
	["turned off", (id: string) => setServiceClientDisabled(owner, id, true)],
	["given a new secret", (id: string) => rotateSecret(owner, id)],
])("a service that was %s after it had proved who it is gets no token", async (_what, revoke) => {
	const client = await newClient();
	await revoke(client.id);
	const asked = issueServiceToken(client, { grantType: "client_credentials" });
	await expect(asked).rejects.toMatchObject({ code: "invalid_client", status: 401 });
});
