import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { offerDemoProvider } from "./demo-provider";

beforeEach(() => {
	vi.stubEnv("OIDC_PROVIDERS", "");
	vi.spyOn(console, "error").mockReturnValue();
});
afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});

const { signal } = new AbortController();
const run = { signal, impatience: signal, onExit: vi.fn() };

test.each([
	["is none", async () => ({ port: 70_000, free: () => {} })],
	["is in use", takenPort],
])("development goes on without the identity provider, and says so, when its port %s", async (_why, take) => {
	const { port, free } = await take();
	await offerDemoProvider(port - 10_000, run);
	free();
	expect(process.env.OIDC_PROVIDERS).toBe("");
	expect(run.onExit).not.toHaveBeenCalled();
	expect(console.error).toHaveBeenCalledExactlyOnceWith(
		expect.stringContaining(`There is no demo identity provider this time, because port ${port} will not do`),
	);
});

async function takenPort() {
	const server = createServer();
	await once(server.listen(0, "127.0.0.1"), "listening");
	return { port: (server.address() as AddressInfo).port, free: () => server.close() };
}
