import { expect, test } from "vitest";
import { type Answer, agentOf, oddityOf, operationOf, outcomeOf } from "./ask";

const answer = (status: number, text = "", location = ""): Answer => ({ status, text, location, cookies: [] });

test("only an answer that proves whose it is counts as served", () => {
	expect(outcomeOf(answer(200, "Welcome, alice-1"), "alice-1")).toBe("served");
	expect(outcomeOf(answer(200, "Something went wrong"), "alice-1")).toBe("failed");
	expect(outcomeOf(answer(204), /^$/)).toBe("served");
});

test("a session that is over is refused in four ways", () => {
	expect(outcomeOf(answer(400, '{"error":"invalid_grant"}'), "")).toBe("refused");
	expect(outcomeOf(answer(401), "")).toBe("refused");
	expect(outcomeOf(answer(307, "", "http://localhost:3000/sign-in?next=%2Fdashboard"), "")).toBe("refused");
	expect(outcomeOf(answer(200, '1:{"ok":false,"code":"session-ended"}'), '"ok":true')).toBe("refused");
});

test("whoever has just signed out is sent to sign in again, and that is a success", () => {
	expect(outcomeOf(answer(303, "", "/sign-in"), "/sign-in")).toBe("served");
});

test("whoever is sent elsewhere has not been served", () => {
	expect(outcomeOf(answer(307, "", "/welcome"), "alice-1")).toBe("failed");
	expect(outcomeOf(answer(303, "", "/dashboard"), "/sign-in")).toBe("failed");
	expect(outcomeOf(answer(307, "", "/welcome"), /^$/)).toBe("failed");
});

test("a role that does not suffice is forbidden, and a page is not there for it", () => {
	expect(outcomeOf(answer(403, '{"code":"forbidden"}'), "")).toBe("forbidden");
	expect(outcomeOf(answer(404, "<html>"), "")).toBe("forbidden");
	expect(outcomeOf(answer(404, '{"code":"not-found"}'), "")).toBe("failed");
});

test("an outage, a conflict and a bug say nothing about the session", () => {
	for (const status of [409, 429, 500, 503]) expect(outcomeOf(answer(status, "alice-1"), "alice-1")).toBe("failed");
});

test("a request that is not understood, and an answer without its proof, are odd; whatever an outage or haste does is not", () => {
	const oddity = (status: number, text = "", location = "") => {
		const given = answer(status, text, location);
		return oddityOf(given, outcomeOf(given, "alice-1"));
	};
	for (const status of [400, 405, 415]) expect(oddity(status, '{"code":"invalid"}')).toBe("not understood");
	expect(oddity(200, '1:{"ok":false,"code":"invalid"}')).toBe("not understood");
	expect(oddity(200, "<html>Welcome")).toBe("without proof");
	expect(oddity(307, "", "/welcome")).toBe("without proof");
	expect(oddity(200, '1:{"ok":false,"code":"unavailable"}')).toBeUndefined();
	for (const status of [409, 429, 500, 503]) expect(oddity(status)).toBeUndefined();
	for (const text of ["alice-1", '"code":"session-ended"']) expect(oddity(200, text)).toBeUndefined();
});

test("an operation is found again by its User-Agent", () => {
	expect(operationOf(agentOf(42))).toBe(42);
});
