import { describe, expect, test } from "vitest";
import { findGaps } from "./gaps";
import type { Operation, Outcome } from "./history";

let id = 0;

const asked = (name: string, outcomes: Outcome[], more: Partial<Operation> = {}): Operation[] =>
	outcomes.map((outcome) => ({
		id: ++id,
		name,
		session: "one",
		instance: 0,
		startMs: id,
		endMs: id,
		outcome,
		...more,
	}));
const times = (count: number, outcome: Outcome = "failed") => Array.from({ length: count }, () => outcome);
const revokes = () => ({ sessions: ["one"], demoted: [] });
const revoked = (name: string, outcomes: Outcome[], more: Partial<Operation> = {}) =>
	outcomes.flatMap((outcome) => asked(name, [outcome], { session: "an admin", revokes: revokes(), ...more }));
const gapsOf = (...operations: Operation[]) => findGaps({ operations, faults: [], duels: [] });

describe("a run says nothing about", () => {
	test("what was asked often and never served", () => {
		expect(gapsOf(...asked("page", times(20)))).toEqual(["page: asked 20 times, and never served"]);
		expect(gapsOf(...asked("page", [...times(20), "served"]))).toEqual([]);
		expect(gapsOf(...asked("page", times(19)))).toEqual([]);
	});

	test("a way to revoke that was answered and never worked, however often each was tried", () => {
		const gap = ["off-board: asked 5 times, and never served"];
		expect(gapsOf(...revoked("off-board", times(5), { answer: "400" }))).toEqual(gap);
		expect(gapsOf(...asked("off-board", times(30), { revokes: revokes(), answer: "400" }))).toEqual([]);
		for (const answer of ["503", "ECONNREFUSED"])
			expect(gapsOf(...revoked("off-board", times(5), { answer }))).toEqual([]);
	});

	test("writes, when none was compared with a revocation of its session", () => {
		const suspensions = revoked("suspend", times(5, "served"), { committedUs: 2 });
		expect(gapsOf(...suspensions)).toEqual(["no commit of a write was compared with that of a revocation"]);
		expect(gapsOf(...suspensions, ...asked("write", ["served"], { committedUs: 1 }))).toEqual([]);
		expect(gapsOf(...suspensions, ...asked("write", ["served"], { committedUs: 1, session: "two" }))).toHaveLength(1);
	});
});
