/** The verifier of docs/examples, with a saved list of keys: no app is running here, and no network is asked. */

import { eq } from "drizzle-orm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { db } from "@/db/client";
import { serviceClients } from "@/db/schema";
import { tokenVerifier } from "@/docs/examples/inventory-service/verify.mjs";
import { createUser, sessionOf } from "@/lib/testing/people";
import { mintAccessToken } from "@/lib/tokens/access-token";
import { publicKeys } from "@/lib/tokens/signing-keys";
import { createServiceClient, serviceClientSchema } from "./clients";
import { issueServiceToken } from "./token";

afterEach(() => vi.useRealTimers());

const AUDIENCE = "https://inventory.example.com";

async function serviceToken() {
	const owner = await sessionOf(await createUser({ role: "owner" }));
	const input = { name: crypto.randomUUID(), scopes: "inventory:read", audiences: AUDIENCE };
	const { id } = await createServiceClient(owner, serviceClientSchema.parse(input));
	const [client] = await db.select().from(serviceClients).where(eq(serviceClients.id, id));
	if (!client) throw new Error("the client was not created");
	return (await issueServiceToken(client, { grantType: "client_credentials" })).token;
}

const verifier = async (clockToleranceSeconds?: number) =>
	tokenVerifier({
		issuer: "http://localhost:3000",
		audience: AUDIENCE,
		savedKeys: structuredClone(await publicKeys()),
		clockToleranceSeconds,
	});

describe("offline, with a saved list of keys,", () => {
	test("a token is verified", async () => {
		const token = await serviceToken();
		expect(await (await verifier())(token, "inventory:read")).toMatchObject({ aud: AUDIENCE });
	});

	test("a token without the scope, and one for somebody else, are refused", async () => {
		const token = await serviceToken();
		await expect((await verifier())(token, "inventory:write")).rejects.toThrow("inventory:write");
		const person = await mintAccessToken(await sessionOf(await createUser()));
		await expect((await verifier())(person.token, "inventory:read")).rejects.toMatchObject({ claim: "aud" });
	});

	test("the clock may be off by as much as is said, and no more", async () => {
		const token = await serviceToken();
		const verify = [await verifier(60), await verifier(0)] as const;
		vi.useFakeTimers({ now: Date.now() + 330_000, toFake: ["Date"] });
		await expect(verify[0](token, "inventory:read")).resolves.toBeTruthy();
		await expect(verify[1](token, "inventory:read")).rejects.toMatchObject({ code: "ERR_JWT_EXPIRED" });
	});
});
