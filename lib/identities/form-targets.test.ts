import { NextRequest } from "next/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HostileProvider, startHostileProvider } from "@/lib/testing/hostile-provider";
import { requestAs } from "@/lib/testing/request";
import { proxy } from "@/proxy";
import { noteFormTarget } from "./form-targets";
import { configurationOf } from "./providers";

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
