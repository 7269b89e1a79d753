import { expect, test } from "vitest";
import { auditActions } from "./actions";
import { counted, namesOf, sayAction, sayChoice, sayDetail, summarize } from "./words";

test("every action is said in words, and one of another version as it is", () => {
	for (const action of Object.keys(auditActions)) expect(sayAction(action)).toMatch(/^[A-Z][a-z -]+$/);
	expect(sayAction("session.forced_out")).toBe("Forced a logout");
	expect(sayAction("quantum.leaped")).toBe("Quantum.leaped");
	expect(sayChoice("forced-logouts")).toBe("All forced logouts");
	expect(sayChoice("session.started")).toBe("Signed in");
});

test("the one thing to know stands beside the action", () => {
	expect(summarize({ action: "user.role_changed", detail: { from: "user", to: "admin" } })).toBe("user → admin");
	expect(summarize({ action: "user.suspended", detail: { count: 1, until: "2026-01-01" } })).toBe("1 session");
	expect(summarize({ action: "session.started", detail: null })).toBeNull();
	expect(counted(1200, "session")).toBe("1,200 sessions");
	expect(counted(2, "person", "people")).toBe("2 people");
});

test("people are remembered by name, also those without an account or with odd names", () => {
	const alice = { id: "1", label: "Alice <3 Bob <alice@example.com>" };
	expect(namesOf(alice)).toEqual({ name: "Alice <3 Bob", email: "alice@example.com" });
	expect(namesOf({ id: null, label: "visitor" })).toEqual({ name: "Visitor", email: null });
});

test("details are named and readable, whatever is in them", () => {
	const detail = {
		count: 1200,
		until: "2026-01-01T09:00:00.000Z",
		sessionIds: ["a", "b", "c", "d", "e", "f", "g"],
		filter: { olderThan: "7d", browsers: [] },
		was: { name: "Acme", roles: null, until: undefined },
		everyone: true,
		nothing: null,
	};
	expect(sayDetail(detail)).toEqual([
		{ label: "Sessions ended", value: "1,200" },
		{ label: "Until", value: new Date("2026-01-01T09:00:00Z") },
		{ label: "Sessions chosen", value: "a, b, c, d, e and 2 more" },
		{ label: "Filter", value: "Older than: 7d, Browsers: None" },
		{ label: "Was", value: "Name: Acme, Roles: None, Until: None" },
		{ label: "Everyone", value: "Yes" },
	]);
	expect(sayDetail(null)).toEqual([]);
});
