import { describe, expect, test } from "vitest";
import type { Fault, History, Operation } from "./history";
import { clearest, shrink } from "./shrink";
import { commitsCompared, findViolations, type Rule, streamDeadline } from "./violations";

let id = 0;
const SESSION = "a session";

/** An operation of the session from one moment to another; served, unless said otherwise. */
function did(name: string, startMs: number, endMs: number, more: Partial<Operation> = {}): Operation {
	return { id: ++id, name, session: SESSION, instance: 0, startMs, endMs, outcome: "served", ...more };
}

const revoked = (startMs: number, endMs: number, more: Partial<Operation> = {}) =>
	did("force logout", startMs, endMs, { session: "an admin", revokes: { sessions: [SESSION], demoted: [] }, ...more });
const demoted = (startMs: number, endMs: number, more: Partial<Operation> = {}) =>
	revoked(startMs, endMs, { name: "demote", revokes: { sessions: [], demoted: [SESSION] }, ...more });
const stream = (startMs: number, untilMs: number, more: Partial<Operation["stream"]> = {}) =>
	did("stream", startMs, startMs + 1, {
		stream: { lastEventMs: -Infinity, lastPrivilegedMs: -Infinity, saidEnded: false, untilMs, open: false, ...more },
	});
const refused = (startMs: number, endMs: number) => did("json", startMs, endMs, { outcome: "refused" });

const historyOf = (operations: Operation[], faults: Fault[] = []): History => ({ operations, faults, duels: [] });
const rulesBrokenBy = (operations: Operation[], faults: Fault[] = []): Rule[] =>
	findViolations(historyOf(operations, faults)).map(({ rule }) => rule);

describe("a success after a revocation", () => {
	test("that started after it had returned is a violation", () => {
		expect(rulesBrokenBy([revoked(10, 20), did("json", 20.1, 22)])).toEqual(["served after a revocation"]);
	});

	test("that started before it had returned is none, however late it is answered", () => {
		expect(rulesBrokenBy([revoked(10, 20), did("json", 19.9, 900)])).toEqual([]);
	});

	test("is none when the revocation failed or was never answered", () => {
		expect(rulesBrokenBy([revoked(10, 20, { outcome: "failed" }), did("json", 30, 31)])).toEqual([]);
		expect(rulesBrokenBy([revoked(10, Infinity, { outcome: "failed" }), did("json", 30, 31)])).toEqual([]);
	});

	test("is none of another session", () => {
		expect(rulesBrokenBy([revoked(10, 20), did("json", 30, 31, { session: "another" })])).toEqual([]);
	});

	test("is none of what is answered to everyone", () => {
		expect(rulesBrokenBy([revoked(10, 20), did("sign out", 30, 31, { public: true })])).toEqual([]);
	});
});

describe("a success after a refusal", () => {
	test("that started after the refusal had been seen is a violation", () => {
		const broken = rulesBrokenBy([revoked(10, Infinity, { outcome: "failed" }), refused(20, 21), did("page", 22, 23)]);
		expect(broken).toEqual(["served after a refusal"]);
	});

	test("that was asked for before is none", () => {
		expect(rulesBrokenBy([revoked(10, 30), refused(20, 21), did("page", 20.5, 40)])).toEqual([]);
	});
});

describe("a demotion", () => {
	test("ends what takes the role, and nothing else", () => {
		const broken = rulesBrokenBy([
			demoted(10, 20),
			did("console json", 21, 22, { privileged: true }),
			did("json", 21, 22),
		]);
		expect(broken).toEqual(["served with the old role"]);
	});

	test("explains that something is forbidden, not that the session is refused", () => {
		const forbidden = did("console json", 21, 22, { privileged: true, outcome: "forbidden" });
		expect(rulesBrokenBy([demoted(10, 20), forbidden])).toEqual([]);
		expect(rulesBrokenBy([demoted(10, 20), refused(21, 22)])).toEqual(["refused for no reason"]);
	});

	test("closes exports, and keeps the news of the console from other streams", () => {
		const exporting = { ...stream(0, 2_000), privileged: true };
		expect(rulesBrokenBy([exporting, demoted(10, 20)])).toEqual(["stream outlives its session"]);
		expect(rulesBrokenBy([stream(0, 2_000, { open: true, lastEventMs: 1_900 }), demoted(10, 20)])).toEqual([]);
		const hears = stream(0, 2_000, { open: true, lastPrivilegedMs: 1_900 });
		expect(rulesBrokenBy([hears, demoted(10, 20)])).toEqual(["stream outlives its session"]);
	});
});

test("a new cookie ends the old one and what was about to be written with it, but not the streams of the session", () => {
	const rotation = revoked(10, 20, { revokes: { sessions: [], demoted: [], rotated: [SESSION] }, committedUs: 5 });
	expect(rulesBrokenBy([rotation, did("json", 30, 31)])).toEqual(["served after a revocation"]);
	expect(rulesBrokenBy([rotation, did("write", 9, 21, { committedUs: 6 })])).toEqual(["written after a revocation"]);
	expect(rulesBrokenBy([rotation, refused(30, 31), stream(0, 5_000)])).toEqual([]);
});

describe("a write", () => {
	const write = (committedUs: number, more: Partial<Operation> = {}) => did("write", 5, 40, { committedUs, ...more });

	test("that commits after the revocation is a violation, whatever its sender was told", () => {
		expect(rulesBrokenBy([write(1_001), revoked(10, 20, { committedUs: 1_000 })])).toEqual([
			"written after a revocation",
		]);
		const unanswered = write(1_001, { outcome: "failed" });
		const lost = revoked(10, Infinity, { outcome: "failed", committedUs: 1_000 });
		expect(rulesBrokenBy([unanswered, lost])).toEqual(["written after a revocation"]);
	});

	test("that commits before the revocation is none, even if it is answered long after it", () => {
		expect(rulesBrokenBy([write(999), revoked(10, 20, { committedUs: 1_000 })])).toEqual([]);
	});

	test("that was never committed is none", () => {
		expect(rulesBrokenBy([did("write", 5, 40, { outcome: "failed" }), revoked(10, 20, { committedUs: 1 })])).toEqual(
			[],
		);
	});

	test("is compared only with a revocation of its session, and not with itself", () => {
		const compared = (...operations: Operation[]) => commitsCompared(operations);
		const suspension = revoked(10, 20, { committedUs: 1_000 });
		expect(compared(write(999), write(1_001), suspension)).toBe(2);
		expect(compared(write(999, { session: "another" }), suspension)).toBe(0);
		expect(compared(write(999), revoked(10, 20))).toBe(0);
		expect(compared(write(999), demoted(10, 20, { committedUs: 1_000 }))).toBe(0);
		expect(compared(revoked(10, 20, { session: SESSION, committedUs: 5 }))).toBe(0);
	});

	test("after a demotion is one only if it took the role", () => {
		const demotion = demoted(10, 20, { committedUs: 1_000 });
		expect(rulesBrokenBy([write(1_001), demotion])).toEqual([]);
		expect(rulesBrokenBy([write(1_001, { privileged: true }), demotion])).toEqual(["written after a revocation"]);
	});

	test("that is itself the revocation is none", () => {
		expect(rulesBrokenBy([revoked(10, 20, { session: SESSION, committedUs: 5, public: true })])).toEqual([]);
	});
});

describe("a stream", () => {
	test("may stay open for a second after the revocation, and no longer", () => {
		expect(rulesBrokenBy([stream(0, 1_019), revoked(10, 20)])).toEqual([]);
		expect(rulesBrokenBy([stream(0, 1_021), revoked(10, 20)])).toEqual(["stream outlives its session"]);
		expect(rulesBrokenBy([stream(0, 1_021, { open: true }), revoked(10, 20)])).toEqual(["stream outlives its session"]);
	});

	test("that we stopped looking at in time proves nothing", () => {
		expect(rulesBrokenBy([stream(0, 500, { open: true }), revoked(10, 20)])).toEqual([]);
	});

	test("that says the session has ended, which nobody ended, is a refusal for no reason", () => {
		expect(rulesBrokenBy([stream(0, 500, { saidEnded: true })])).toEqual(["refused for no reason"]);
		expect(rulesBrokenBy([stream(0, 500, { saidEnded: true }), revoked(10, 20)])).toEqual([]);
	});

	test("is given the time in which its instance was frozen or the database away, and no other", () => {
		const frozen = { name: "frozen", excusesStreams: true, instance: 0, startMs: 500, endMs: 2_500 };
		expect(streamDeadline(20, 0, [frozen])).toBe(3_020);
		expect(streamDeadline(20, 1, [frozen])).toBe(1_020);
		expect(streamDeadline(20, 0, [{ ...frozen, startMs: 0, endMs: 100 }])).toBe(1_100);
		expect(streamDeadline(20, 0, [{ ...frozen, startMs: 1_021 }])).toBe(1_020);
		expect(streamDeadline(20, 0, [{ ...frozen, name: "pool run dry", excusesStreams: undefined }])).toBe(1_020);
		const overlapping = [
			frozen,
			{ ...frozen, name: "database away", instance: undefined, startMs: 2_000, endMs: 3_000 },
		];
		expect(streamDeadline(20, 0, overlapping)).toBe(3_520);
	});
});

describe("a refusal", () => {
	test("before anybody began to revoke is a violation", () => {
		expect(rulesBrokenBy([refused(1, 5), revoked(10, 20)])).toEqual(["refused for no reason"]);
	});

	test("while a revocation is under way is none, even if that one is never answered", () => {
		expect(rulesBrokenBy([refused(1, 11), revoked(10, 20)])).toEqual([]);
		expect(rulesBrokenBy([revoked(10, Infinity, { outcome: "failed" }), refused(900, 901)])).toEqual([]);
	});

	test("is not what an outage is", () => {
		expect(rulesBrokenBy([did("json", 1, 5, { outcome: "failed" })])).toEqual([]);
	});
});

describe("an odd answer", () => {
	const odd = (how: Operation["odd"], more: Partial<Operation> = {}) =>
		did("page", 3_000, 3_010, { outcome: "failed", odd: how, ...more });

	test("to a request that is not understood is a violation, also of a revocation", () => {
		expect(rulesBrokenBy([odd("not understood")])).toEqual(["answered with something else"]);
		const itself = revoked(10, 20, { session: SESSION, outcome: "failed", odd: "not understood" });
		expect(rulesBrokenBy([itself])).toEqual(["answered with something else"]);
	});

	test("without the proof is one while nothing is broken", () => {
		const fault = { name: "frozen", instance: 0, startMs: 0, endMs: 1_999 };
		expect(rulesBrokenBy([odd("without proof")], [fault])).toEqual(["answered with something else"]);
		expect(rulesBrokenBy([odd("without proof")], [{ ...fault, endMs: 2_001 }])).toEqual([]);
		expect(rulesBrokenBy([odd("without proof")], [{ ...fault, endMs: 2_001, instance: 1 }])).toHaveLength(1);
	});

	test("is none once somebody has begun to revoke: the password, for one, may be another", () => {
		for (const how of ["not understood", "without proof"] as const) {
			expect(rulesBrokenBy([revoked(10, Infinity, { outcome: "failed" }), odd(how)])).toEqual([]);
		}
	});
});

test("two owners who demoted each other are a violation when none is left", () => {
	const operations = [did("demote an owner", 0, 10), did("demote an owner", 1, 11, { session: "the other" })];
	const rulesOf = (ownersLeft: number) =>
		findViolations({ operations: [], faults: [], duels: [{ operations, ownersLeft }] }).map(({ rule }) => rule);
	expect(rulesOf(1)).toEqual([]);
	expect(rulesOf(0)).toEqual(["no owner left"]);
});

test("a failing history is shrunk to what contradicts itself", () => {
	const guilty = did("page", 30, 33);
	const revocation = revoked(10, 20);
	const history = historyOf(
		[did("json", 1, 2), did("page", 3, 4), revocation, did("write", 12, 25), guilty, refused(40, 41)],
		[
			{ name: "long before", startMs: 0, endMs: 1 },
			{ name: "meanwhile", startMs: 15, endMs: 18 },
		],
	);
	const violation = clearest(findViolations(history));
	expect(violation?.rule).toBe("served after a revocation");
	if (!violation) return;
	const { operations, faults } = shrink(history, violation);
	expect(operations).toEqual([revocation, guilty]);
	expect(faults.map(({ name }) => name)).toEqual(["meanwhile"]);
});
