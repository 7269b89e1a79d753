/** What a run says nothing about: a rule that nothing could have broken would hold of a product that serves nobody. */
import type { History, Operation } from "./history";
import { commitsCompared } from "./violations";

const OPERATIONS_ENOUGH = 20;
const REVOCATIONS_ENOUGH = 5;

/** One sentence for each. */
export function findGaps({ operations }: History): string[] {
	const tried = [...Map.groupBy(operations, ({ name }) => name)];
	const unserved = tried.filter(([, some]) => isOften(some) && !some.some(({ outcome }) => outcome === "served"));
	const gaps = unserved.map(([name, some]) => `${name}: asked ${some.length} times, and never served`);
	const revocations = operations.filter(({ revokes, outcome }) => revokes && outcome === "served");
	if (revocations.length >= REVOCATIONS_ENOUGH && commitsCompared(operations) === 0) {
		gaps.push("no commit of a write was compared with that of a revocation");
	}
	return gaps;
}

/** A revocation is tried again and again during an outage: its attempts count as one, and only if it got an answer. */
function isOften(some: Operation[]): boolean {
	if (!some.some(({ revokes }) => revokes)) return some.length >= OPERATIONS_ENOUGH;
	const answered = some.filter(({ answer }) => answer !== "503" && Number(answer) > 0);
	return new Set(answered.map(({ revokes }) => revokes)).size >= REVOCATIONS_ENOUGH;
}
