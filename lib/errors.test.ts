import { expect, test } from "vitest";
import { asRefusal, Refusal } from "./errors";

const databaseError = (code: string) => Object.assign(new Error("a detail for nobody"), { code });

test.each([
	["08006", "the connection failed"],
	["28P01", "the password was changed"],
	["3D000", "the database is gone"],
	["40001", "a transaction was given up"],
	["40P01", "a deadlock"],
	["25P04", "a transaction took too long"],
	["53100", "the disk is full"],
	["53300", "there are too many connections"],
	["55000", "it takes no connections"],
	["55P03", "a lock could not be had"],
	["57014", "a statement took too long"],
	["57P01", "it is shutting down"],
	["57P03", "it is starting up"],
	["58030", "its disk fails"],
	["25006", "it is read-only"],
	["ECONNREFUSED", "nobody is there"],
	["ECONNRESET", "somebody hung up"],
	["ETIMEDOUT", "nobody answers"],
	["ENETUNREACH", "there is no way there"],
	["EMFILE", "we have too many files open"],
])("an error %s (%s) is an outage and not a bug, also when it is wrapped", (code) => {
	for (const error of [databaseError(code), new Error("Failed query", { cause: databaseError(code) })]) {
		const refusal = asRefusal(error);
		expect(refusal).toMatchObject({ code: "unavailable", status: 503, retryAfterSeconds: 5 });
		expect(refusal?.message).not.toContain("a detail");
	}
});

test.each(["23505", "23503", "42P01", "22P02"])("an error %s of the database is a bug", (code) => {
	expect(asRefusal(databaseError(code))).toBeUndefined();
});

test("a refusal stays what it is", () => {
	const refusal = new Refusal("forbidden", "You may not do this.");
	expect(asRefusal(refusal)).toBe(refusal);
	expect(asRefusal(new TypeError("a bug"))).toBeUndefined();
});
