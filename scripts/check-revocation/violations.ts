/**
 * The judge. A pure function of a history: which operations broke the promise, by which rule. It only ever concludes from
 * what is certain. "Before" means completed before the other was invoked, so no delay of the network can fake a violation;
 * an operation without an answer may have happened at any time, or never.
 */
import type { Fault, History, Operation } from "./history";

export const rules = {
	"served after a revocation": "a success that started after a revocation of its session had returned",
	"served after a refusal": "a success that started after a refusal of its session had been seen",
	"served with the old role": "a success of the old role that started after the demotion had returned",
	"written after a revocation": "a write whose commit follows the commit of a revocation or demotion",
	"stream outlives its session": "a stream open, or an event on it, more than 1 s after the revocation had returned",
	"refused for no reason": "a refusal of a session that nobody had begun to revoke",
	"answered with something else": "an answer that is neither a success, nor a refusal, nor an outage",
	"no owner left": "owners who demoted each other, both with success",
} as const;

export type Rule = keyof typeof rules;

export interface Violation {
	rule: Rule;
	/** The session; or, of owners, the sessions. */
	session: string;
	/** The operations that contradict each other, in the order of their invocation. */
	operations: Operation[];
}

/** How long a stream may stay open, or say something, once the revocation has returned. */
export const STREAM_LIMIT_MS = 1_000;

/** All violations in the history. */
export function findViolations({ operations, faults, duels }: History): Violation[] {
	const revocations = revocationsBySession(operations);
	const violations = [...bySession(operations)].flatMap(([session, own]) =>
		judgeSession(session, own, revocations.get(session) ?? [], faults),
	);
	for (const { operations, ownersLeft } of duels) {
		const session = operations.map((operation) => operation.session).join();
		if (ownersLeft === 0) violations.push({ rule: "no owner left", session, operations });
	}
	return violations;
}

/** What was taken from a session: its life, the cookie by which it was known, or its role. */
interface Revocation {
	by: Operation;
	takes: "life" | "cookie" | "role";
}

function judgeSession(session: string, own: Operation[], revocations: Revocation[], faults: Fault[]): Violation[] {
	const violations: Violation[] = [];
	const report = (rule: Rule, ...operations: Operation[]) =>
		violations.push({ rule, session, operations: operations.toSorted((a, b) => a.startMs - b.startMs) });
	const firstThatTook = (...what: Revocation["takes"][]) =>
		earliest(
			revocations.filter(({ by, takes }) => by.outcome === "served" && what.includes(takes)).map(({ by }) => by),
		);
	const end = firstThatTook("life");
	const revocation = firstThatTook("life", "cookie");
	const demotion = firstThatTook("role");
	const refusal = earliest(own.filter(({ outcome }) => outcome === "refused"));

	for (const operation of own) {
		const { startMs, endMs, outcome, privileged = false, stream } = operation;
		if (outcome === "served" && !operation.public) {
			if (revocation && startMs > revocation.endMs) report("served after a revocation", revocation, operation);
			if (refusal && startMs > refusal.endMs) report("served after a refusal", refusal, operation);
			if (privileged && demotion && startMs > demotion.endMs) report("served with the old role", demotion, operation);
		}
		if (outcome === "refused" || stream?.saidEnded) {
			const seenMs = stream?.saidEnded ? stream.untilMs : endMs;
			const reason = revocations.some(({ by, takes }) => takes !== "role" && by.startMs < seenMs);
			if (!reason) report("refused for no reason", operation);
		}
		if (outcome === "forbidden" && !revocations.some(({ by }) => by.startMs < endMs)) {
			report("refused for no reason", operation);
		}
		if (isInexplicable(operation, revocations, faults)) report("answered with something else", operation);
		const overtaken = revocations.find((revocation) => commitsBefore(revocation, operation));
		if (overtaken) report("written after a revocation", overtaken.by, operation);
		if (stream && outcome === "served") {
			const late = (by: Operation, untilMs: number) =>
				startMs < by.endMs && untilMs > streamDeadline(by.endMs, operation.instance, faults);
			if (end && late(end, Math.max(stream.untilMs, stream.lastEventMs))) {
				report("stream outlives its session", operation, end);
			}
			if (demotion && late(demotion, privileged ? stream.untilMs : stream.lastPrivilegedMs)) {
				report("stream outlives its session", operation, demotion);
			}
		}
	}
	return violations;
}

/** How soon after a fault a page may still tell of it, in words and with the status 200. */
const RECOVERY_MS = 1_000;

/** Whether neither a fault nor another revocation explains the answer. */
function isInexplicable({ odd, id, instance, startMs, endMs }: Operation, revocations: Revocation[], faults: Fault[]) {
	if (!odd || revocations.some(({ by }) => by.id !== id && by.startMs < endMs)) return false;
	if (odd === "not understood") return true;
	return !faults.some(
		(fault) =>
			(fault.instance ?? instance) === instance && fault.startMs < endMs && fault.endMs + RECOVERY_MS > startMs,
	);
}

/** How many writes were compared with a revocation of their session, by their commits. */
export function commitsCompared(operations: Operation[]): number {
	const revocations = revocationsBySession(operations);
	return operations.filter((write) => revocations.get(write.session)?.some((one) => isComparable(one, write))).length;
}

/** Whether the revocation had committed when the write did. */
function commitsBefore(revocation: Revocation, write: Operation): boolean {
	return isComparable(revocation, write) && Number(write.committedUs) > Number(revocation.by.committedUs);
}

/** Whether both have committed. Of a demotion, only acts of the higher role count. */
function isComparable({ by, takes }: Revocation, write: Operation): boolean {
	if (by === write || by.committedUs === undefined || write.committedUs === undefined) return false;
	return takes !== "role" || Boolean(write.privileged);
}

/** The end of the first second after `fromMs` in which the instance, the database and the checker ran. */
export function streamDeadline(fromMs: number, instance: number, faults: Fault[]): number {
	let deadline = fromMs + STREAM_LIMIT_MS;
	let countedToMs = fromMs;
	const relevant = faults.filter((fault) => fault.excusesStreams && (fault.instance ?? instance) === instance);
	for (const fault of relevant.toSorted((a, b) => a.startMs - b.startMs)) {
		if (fault.startMs > deadline || fault.endMs <= countedToMs) continue;
		deadline += fault.endMs - Math.max(fault.startMs, countedToMs);
		countedToMs = fault.endMs;
	}
	return deadline;
}

function earliest(operations: Operation[]): Operation | undefined {
	let first = operations[0];
	for (const operation of operations) if (first && operation.endMs < first.endMs) first = operation;
	return first;
}

function bySession(operations: Operation[]): Map<string, Operation[]> {
	return Map.groupBy(operations, (operation) => operation.session);
}

function revocationsBySession(operations: Operation[]): Map<string, Revocation[]> {
	const found = new Map<string, Revocation[]>();
	const add = (session: string, revocation: Revocation) => {
		const known = found.get(session);
		if (known) known.push(revocation);
		else found.set(session, [revocation]);
	};
	for (const by of operations) {
		for (const session of by.revokes?.sessions ?? []) add(session, { by, takes: "life" });
		for (const session of by.revokes?.rotated ?? []) add(session, { by, takes: "cookie" });
		for (const session of by.revokes?.demoted ?? []) add(session, { by, takes: "role" });
	}
	return found;
}
