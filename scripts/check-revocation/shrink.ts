/** The shortest failing history: leaves out of what happened to a session whatever the violation does not need. */
import { type Fault, type History, type Operation, takesFrom } from "./history";
import { findViolations, type Violation } from "./violations";

/** Of several violations, one that takes the fewest operations and the shortest time. */
export function clearest(violations: Violation[]): Violation | undefined {
	return violations.toSorted((a, b) => a.operations.length - b.operations.length || span(a) - span(b))[0];
}

/** What is left of the session's operations when each is dropped without which the violation is still found. */
export function shrink({ operations, faults }: History, violation: Violation): Pick<History, "operations" | "faults"> {
	let needed = violation.operations;
	if (violation.rule !== "no owner left") {
		needed = operations.filter((operation) => concerns(operation, violation.session));
		for (const operation of needed.toReversed()) {
			// Without what was revoked, any refusal would look like one for no reason.
			if (violation.rule === "refused for no reason" && takesFrom(violation.session, operation.revokes)) continue;
			const without = needed.filter((other) => other !== operation);
			if (stillFails(without, faults, violation)) needed = without;
		}
	}
	return { operations: needed.toSorted((a, b) => a.startMs - b.startMs), faults: during(needed, faults) };
}

const concerns = (operation: Operation, session: string) =>
	operation.session === session || takesFrom(session, operation.revokes);

function stillFails(operations: Operation[], faults: Fault[], { rule, session }: Violation): boolean {
	const found = findViolations({ operations, faults, duels: [] });
	return found.some((violation) => violation.rule === rule && violation.session === session);
}

function during(operations: Operation[], faults: Fault[]): Fault[] {
	const starts = operations.map((operation) => operation.startMs);
	const ends = operations.map(({ startMs, endMs, stream }) => stream?.untilMs ?? (endMs < Infinity ? endMs : startMs));
	return faults.filter((fault) => fault.startMs < Math.max(...ends) && fault.endMs > Math.min(...starts));
}

function span({ operations }: Violation): number {
	const starts = operations.map((operation) => operation.startMs);
	return Math.max(...starts) - Math.min(...starts);
}
