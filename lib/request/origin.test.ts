import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { CLIENT_ADDRESS_HEADER, clientAddress, requestOrigin, stampClientAddress } from "./origin";

describe("the client's address", () => {
	test("is that of the socket when no proxy is ours, whatever the client claims", () => {
		expect(clientAddress("203.0.113.7", undefined, 0)).toBe("203.0.113.7");
		expect(clientAddress("203.0.113.7", "198.51.100.1", 0)).toBe("203.0.113.7");
	});

	test("is what our outermost proxy saw, and nothing left of it", () => {
		expect(clientAddress("10.0.0.1", "203.0.113.7", 1)).toBe("203.0.113.7");
		expect(clientAddress("10.0.0.1", "198.51.100.1, 203.0.113.7", 1)).toBe("203.0.113.7");
		expect(clientAddress("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2", 2)).toBe("203.0.113.7");
	});

	test("is that of the socket when a request came past the proxies", () => {
		expect(clientAddress("203.0.113.7", undefined, 1)).toBe("203.0.113.7");
		expect(clientAddress("203.0.113.7", "", 2)).toBe("203.0.113.7");
	});

	test("of an IPv4 client is written as such, and an IPv6 one may be anything that is one", () => {
		expect(clientAddress("::ffff:203.0.113.7", undefined, 0)).toBe("203.0.113.7");
		expect(clientAddress("2001:db8::7", undefined, 0)).toBe("2001:db8::7");
		expect(clientAddress("::ffff:1", undefined, 0)).toBe("::ffff:1");
	});

	test.each([
		["203.0.113.7:1234", "203.0.113.7"],
		["[2001:db8::7]:1234", "2001:db8::7"],
		["[2001:db8::7]", "2001:db8::7"],
		["::FFFF:203.0.113.7", "203.0.113.7"],
		["[::ffff:203.0.113.7]:1234", "203.0.113.7"],
		["fe80::7%eth0", "fe80::7"],
	])("is understood the way that some proxies write it: %s", (claimed, address) => {
		expect(clientAddress("10.0.0.1", claimed, 1)).toBe(address);
	});

	test.each(["unknown", "_hidden", "203.0.113.7:port", "203.0.113:1234", "[203.0.113.7", "203.0.113.7'--", "<script>"])(
		"is unknown when a proxy says %s",
		(claimed) => expect(clientAddress("10.0.0.1", claimed, 1)).toBeNull(),
	);
});

describe("the request's origin", () => {
	const arriving = (headers: Record<string, string>, remoteAddress: string | undefined) =>
		({ headers: { ...headers }, socket: { remoteAddress } }) as unknown as IncomingMessage;

	test("is stamped over whatever the client sent under that name", () => {
		const request = arriving({ [CLIENT_ADDRESS_HEADER]: "198.51.100.1" }, "203.0.113.7");
		stampClientAddress(request, 0);
		expect(request.headers[CLIENT_ADDRESS_HEADER]).toBe("203.0.113.7");
	});

	test("is empty rather than the client's own claim when there is no address", () => {
		const request = arriving({ [CLIENT_ADDRESS_HEADER]: "198.51.100.1" }, undefined);
		stampClientAddress(request, 0);
		expect(request.headers[CLIENT_ADDRESS_HEADER]).toBeUndefined();
	});

	test("is read from the headers, the browser's name cut to a bearable length", () => {
		const headers = new Headers({ [CLIENT_ADDRESS_HEADER]: "203.0.113.7", "user-agent": "x".repeat(5_000) });
		expect(requestOrigin(headers)).toEqual({ ip: "203.0.113.7", userAgent: "x".repeat(512) });
		expect(requestOrigin(new Headers())).toEqual({ ip: null, userAgent: null });
	});
});
