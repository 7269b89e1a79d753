import { afterEach, describe, expect, test, vi } from "vitest";
import { createUser, sessionOf } from "@/lib/testing/people";
import { handOver, openRequestStore, takeHandedOver } from "./hand-over";

const reading = (cookie: string, method = "GET") => ({ method, headers: new Headers({ cookie }) });
/** In a context of its own, as each request is. */
const duringRequest = <T>(work: () => Promise<T>) => Promise.resolve().then(work);
const someSession = async () => sessionOf(await createUser());

afterEach(() => vi.useRealTimers());

describe("what the proxy found", () => {
	test("serves the page of the same request, once", async () => {
		const session = await someSession();
		await duringRequest(async () => {
			openRequestStore();
			handOver(session, reading("a"));
			await Promise.resolve();
			expect(takeHandedOver("a")).toBe(session);
			expect(takeHandedOver("a")).toBeUndefined();
		});
	});

	test("serves no other request, also one with the same cookie at the same time", async () => {
		const session = await someSession();
		const handedOver = Promise.withResolvers<void>();
		const asked = Promise.withResolvers<void>();
		const first = duringRequest(async () => {
			openRequestStore();
			handOver(session, reading("a"));
			handedOver.resolve();
			await asked.promise;
			return takeHandedOver("a");
		});
		const second = duringRequest(async () => {
			openRequestStore();
			await handedOver.promise;
			const taken = takeHandedOver("a");
			asked.resolve();
			return taken;
		});
		expect(await second).toBeUndefined();
		expect(await first).toBe(session);
	});

	test("serves no other cookie", async () => {
		const session = await someSession();
		await duringRequest(async () => {
			openRequestStore();
			handOver(session, reading("a"));
			expect(takeHandedOver("b")).toBeUndefined();
			expect(takeHandedOver("a")).toBeUndefined();
		});
	});

	test("does not serve an action, whose body may come in slowly", async () => {
		const session = await someSession();
		await duringRequest(async () => {
			openRequestStore();
			handOver(session, reading("a", "POST"));
			expect(takeHandedOver("a")).toBeUndefined();
		});
	});

	test("is too old after a second", async () => {
		const session = await someSession();
		await duringRequest(async () => {
			openRequestStore();
			vi.useFakeTimers({ toFake: ["performance"] });
			handOver(session, reading("a"));
			vi.advanceTimersByTime(1_000);
			expect(takeHandedOver("a")).toBeUndefined();
		});
	});

	test("is looked up again where no store was opened", async () => {
		const session = await someSession();
		await duringRequest(async () => {
			handOver(session, reading("a"));
			expect(takeHandedOver("a")).toBeUndefined();
		});
	});
});
