import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { choosePort } from "./ports";

const servers: Server[] = [];

afterEach(() => {
	for (const server of servers.splice(0)) server.close();
});

describe("the port is", () => {
	test("the next free one when another checkout has the first", async () => {
		const first = await choosePort(given({}));
		await occupy(first);
		expect(await choosePort(given({}))).toBeGreaterThan(first);
	});

	test("also not one that is taken on localhost alone", async () => {
		const first = await choosePort(given({}));
		await occupy(first, "127.0.0.1");
		expect(await choosePort(given({}))).toBeGreaterThan(first);
	});

	test("PORT when that is set, or a sentence that says that it is in use", async () => {
		const free = await choosePort(given({}));
		expect(await choosePort(given({ PORT: String(free) }))).toBe(free);
		await occupy(free);
		await expect(choosePort(given({ PORT: String(free) }))).rejects.toThrow(`PORT: ${free} is in use`);
	});

	test.each(["0", "70000", "http", "3000.5"])("not %s", async (PORT) => {
		await expect(choosePort(given({ PORT }))).rejects.toThrow("PORT: ");
	});
});

const given = (environment: Record<string, string>) => environment as unknown as NodeJS.ProcessEnv;

async function occupy(port: number, host?: string): Promise<void> {
	const server = createServer().listen(port, host);
	servers.push(server);
	await once(server, "listening");
}
