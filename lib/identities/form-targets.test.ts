import { NextRequest } from "next/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connections, db } from "@/db/client";
import { identityProviders } from "@/db/schema";
import { type HostileProvider, startHostileProvider } from "@/lib/testing/hostile-provider";
import { requestAs } from "@/lib/testing/request";
import { proxy } from "@/proxy";
import { noteFormTarget } from "./form-targets";
import { askAnew, configurationOf } from "./metadata";

let provider: HostileProvider;

beforeAll(async () => {
	provider = await startHostileProvider();
	process.env.OIDC_PROVIDERS = JSON.stringify([provider.settings]);
});
afterAll(() => provider.stop());

/** Where forms of a page may lead, as its policy says. */
async function targetsOf(path: string) {
	const request = await requestAs(null, path, { headers: { host: "localhost:3000" } });
	const { headers } = await proxy(new NextRequest(request));
	return /form-action ([^;]+)/.exec(headers.get("content-security-policy") ?? "")?.[1];
}

test("forms lead to providers from the pages alone that have such a form", async () => {
	const { origin } = new URL(provider.settings.issuer);
	expect(await targetsOf("/sign-in?next=/projects")).toBe(`'self' ${origin}`);
	for (const path of ["/", "/sign-up", "/sign-in/callback/hostile", "/nothing"]) {
		expect(await targetsOf(path), path).toBe("'self'");
	}
});

test("they lead to where the provider has people sent, once it has said so", async () => {
	const { issuer } = provider.settings;
	noteFormTarget(issuer, "https://login.example.com/authorize?x");
	expect(await targetsOf("/sign-in")).toBe("'self' https://login.example.com");
	await configurationOf(provider.settings);
	expect(await targetsOf("/sign-in")).toBe(`'self' ${new URL(issuer).origin}`);
});

test.each(["x;sandbox", "x,default-src", "*", "'none'", "x".repeat(300)])(
	"a provider that has people sent to the host %s adds nothing to the policy, and is not believed",
	async (host) => {
		const { origin } = new URL(provider.settings.issuer);
		provider.metadata = { authorization_endpoint: `http://${host}/authorize` };
		await expect(askAnew(provider.settings)).rejects.toMatchObject({ reason: "unreachable" });
		expect(await targetsOf("/sign-in")).toBe(`'self' ${origin}`);
		provider.metadata = {};
	},
);

test("they lead to providers of the console for as long as these are turned on, and no other page asks for them", async () => {
	const { origin } = new URL(provider.settings.issuer);
	const row = {
		id: "acme",
		name: "Acme",
		issuer: "https://id.acme.example/t/1",
		clientId: "a",
		sealedClientSecret: "",
	};
	await db.insert(identityProviders).values(row);
	expect(await targetsOf("/sign-in")).toBe(`'self' ${origin} https://id.acme.example`);
	await db.update(identityProviders).set({ disabledAt: new Date() });
	expect(await targetsOf("/sign-in")).toBe(`'self' ${origin}`);
	const query = vi.spyOn(connections, "query");
	await targetsOf("/pricing");
	expect(query).not.toHaveBeenCalled();
	query.mockRestore();
});

test("with the database away, the way to the configuration's providers stays open", async () => {
	const away = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
	const query = vi.spyOn(connections, "query").mockImplementation((() => Promise.reject(away)) as never);
	expect(await targetsOf("/sign-in")).toBe(`'self' ${new URL(provider.settings.issuer).origin}`);
	expect(query).toHaveBeenCalled();
	query.mockRestore();
});
