import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, test } from "vitest";
import { endpoint } from "@/lib/api/endpoint";
import { rememberClient } from "@/lib/request/gone";
import { createUser, sessionOf } from "@/lib/testing/people";
import { call, requestAs } from "@/lib/testing/request";
import { AT_ONCE, hashInTurn, LINE_LIMIT } from "./hash-line";
import { hashPassword } from "./password";

/** Work that ends when it is told to. */
function gate() {
	let open = () => {};
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return { open, opened };
}

/** Keeps every place busy until the gate opens. */
const occupy = (opened: Promise<void>) => Array.from({ length: AT_ONCE }, () => hashInTurn(() => opened));

test("so many are worked on at once that other requests get their share, and the others come in order", async () => {
	let working = 0;
	let most = 0;
	const order: number[] = [];
	await Promise.all(
		Array.from({ length: 20 }, (_, number) =>
			hashInTurn(async () => {
				order.push(number);
				most = Math.max(most, ++working);
				await new Promise(setImmediate);
				working--;
			}),
		),
	);
	expect(most).toBe(AT_ONCE);
	expect(order).toEqual(order.toSorted((one, other) => one - other));
});

test("whoever comes when the line is full is told at once to come back, and the others are served", async () => {
	const { open, opened } = gate();
	const busy = occupy(opened);
	const waiting = Array.from({ length: LINE_LIMIT }, () => hashInTurn(async () => "served"));
	await expect(hashInTurn(async () => "served")).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 10 });
	open();
	await Promise.all(busy);
	expect(new Set(await Promise.all(waiting))).toEqual(new Set(["served"]));
	expect(await hashInTurn(async () => "served")).toBe("served");
});

test("whose client hangs up leaves the line: nobody else waits for them", async () => {
	const { open, opened } = gate();
	const busy = occupy(opened);
	const asked = gate();
	const worked: string[] = [];
	let refused: unknown;
	const server = createServer((request, response) => {
		rememberClient(response);
		const path = request.url ?? "";
		hashInTurn(async () => worked.push(path))
			.catch((error) => {
				refused = error;
			})
			.finally(() => response.end());
		if (path === "/patient") asked.open();
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const { port } = server.address() as AddressInfo;
	const impatient = connect(port, "127.0.0.1");
	impatient.write("GET /impatient HTTP/1.1\r\nHost: localhost\r\n\r\n");
	await once(impatient, "connect");
	const patient = fetch(`http://127.0.0.1:${port}/patient`);
	await asked.opened;
	impatient.destroy();
	await expect.poll(() => refused).toMatchObject({ code: "unavailable" });
	open();
	await Promise.all(busy);
	await patient;
	expect(worked).toEqual(["/patient"]);
	server.close();
});

test("while many wait, requests that need no password are answered", async () => {
	const handler = endpoint({ name: "test", summary: "Test", permission: "product.use" }, async () => {});
	const alice = await sessionOf(await createUser());
	let done = 0;
	const waiting = Array.from({ length: 50 }, () => hashPassword("a password").then(() => done++));
	expect((await call(handler, requestAs(alice, "/test"))).status).toBe(204);
	expect(done).toBeLessThan(50);
	await Promise.all(waiting);
});

test("a place is free again when the work in it fails", async () => {
	for (let time = 0; time <= AT_ONCE; time++) {
		await expect(hashInTurn(() => Promise.reject(new Error("a bug")))).rejects.toThrow("a bug");
	}
	expect(await hashInTurn(async () => "served")).toBe("served");
});
