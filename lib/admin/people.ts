/** What the acts on people share: finding the person under the lock, and the rules that hold for all of them. */
import { Refusal } from "@/lib/errors";
import { mayActOn, type Ranked } from "@/lib/permissions/matrix";
import type { Actor, Fence, LockedPerson } from "@/lib/session/fence";

/** No person's id; the command line ranks with owners and is never its own target. */
const NOBODY = "";

/** The actor as the permission rules want it: the role is the one under the lock. */
export function rankedActor({ actor, role }: Pick<Fence, "actor" | "role">): Ranked {
	return { id: personBehind(actor) ?? NOBODY, role };
}

/** The id to record as "by whom": the real person's, or null for the command line. */
export function personBehind(actor: Actor): string | null {
	return "operator" in actor ? null : (actor.impersonator ?? actor.user).id;
}

/**
 * The locked target of an act. Throws a Refusal "not-found" when nobody has the id, "forbidden" when the actor may not
 * act on that person: on themselves, or on an equal or higher rank.
 */
export function requireTarget(fence: Fence, targetId: string): LockedPerson {
	const target = fence.people.get(targetId);
	if (!target) throw new Refusal("not-found", "There is no such person.");
	const actor = rankedActor(fence);
	if (actor.id === target.id) throw new Refusal("forbidden", "You cannot do this to yourself.");
	if (!mayActOn(actor, target)) throw new Refusal("forbidden", `Your role does not allow this for ${target.name}.`);
	return target;
}

/**
 * Throws a Refusal "conflict" if, without this person, no active owner would be left. Holds against two owners at once
 * because the fence was told to lock every owner.
 */
export function requireAnotherOwner({ people, actor }: Fence, target: LockedPerson): void {
	const others = [...people.values()].filter(
		(person) => person.role === "owner" && !person.suspended && person.id !== target.id,
	);
	if (target.role === "owner" && others.length === 0) {
		const who = personBehind(actor) === target.id ? "You are" : `${target.name} is`;
		throw new Refusal("conflict", `${who} the last owner. Make someone else an owner first.`);
	}
}
