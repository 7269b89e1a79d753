/**
 * The write fence. Every function that changes something does it in here: one transaction that first takes share locks
 * on the caller's session row and user row, checks on those locked rows that the session is live and the role permits
 * the act, and only then works. Ending a session, suspending and changing a role need the conflicting lock. So they
 * either wait until this write has committed, or come first, and then this write is refused. Nothing in between.
 */
import { and, asc, eq, inArray, isNotNull, or, type SQL, sql } from "drizzle-orm";
import { db, type Transaction } from "@/db/client";
import { sessions, users } from "@/db/schema";
import { Refusal } from "@/lib/errors";
import { allows, mayImpersonate, type Permission, type Role } from "@/lib/permissions/matrix";
import { noteForbidden } from "./forbidden";
import { requireFreshProof } from "./fresh-proof";
import { isLive, isSuspended } from "./live";
import type { Person, Session } from "./lookup";
import { retryingConflicts } from "./retry";

/** Someone at the server's command line: no session to lose, and whoever can start it could do anything anyway. */
export interface Operator {
	operator: string;
}
export type Actor = Session | Operator;

/** A person whose row the fence has locked, as it is under the lock. */
export interface LockedPerson extends Person {
	suspended: boolean;
	/** Whether they have proved that the address is theirs. */
	verified: boolean;
}

export interface Fence {
	tx: Transaction;
	actor: Actor;
	/** The role under the lock; the command line ranks with owners. */
	role: Role;
	/** The people named in the options, and the owners with them if asked for, by id. */
	people: Map<string, LockedPerson>;
}

interface Options {
	/** Ids of people on whose rank or status the act depends or whom it changes. */
	people?: string[];
	/** Lock every owner too, for acts that might leave none. */
	owners?: boolean;
	/** The act ends sessions, so it may have to wait for writes that run in them. */
	revokes?: boolean;
}

/**
 * Runs a write inside the fence and gives what it returns. Throws a Refusal "session-ended" or "forbidden" when the
 * caller may not (any more), "unavailable" when a lock could not be had in time. Deadlocks are retried.
 */
export function fenced<T>(
	actor: Actor,
	permission: Permission,
	work: (fence: Fence) => Promise<T>,
	options: Options = {},
): Promise<T> {
	const limits = options.revokes ? REVOCATION_LIMITS_MS : WRITE_LIMITS_MS;
	return retryingConflicts(() =>
		db.transaction(
			async (tx) => {
				await limitDuration(tx, limits);
				const people = await lockPeople(tx, actor, options);
				const role = await requireAuthority(tx, actor, permission, people);
				return work({ tx, actor, role, people });
			},
			{ silenceSeconds: limits.statement_timeout / 1000 + GRACE_SECONDS },
		),
	).catch((error) => {
		const isForbidden = error instanceof Refusal && error.code === "forbidden";
		if (isForbidden) noteForbidden(actor, permission, { people: options.people });
		throw error;
	});
}

/**
 * A fenced write may hold a revocation up for ten seconds and no longer: PostgreSQL aborts it then. Acts that may have to
 * wait for such a write are given more patience than that. The settings last for the transaction;
 * `transaction_timeout` exists from PostgreSQL 17 on, and before it the limit holds for each statement.
 */
const WRITE_LIMITS_MS = {
	lock_timeout: 5_000,
	statement_timeout: 5_000,
	idle_in_transaction_session_timeout: 5_000,
	transaction_timeout: 10_000,
};
const REVOCATION_LIMITS_MS = {
	lock_timeout: 20_000,
	statement_timeout: 300_000,
	idle_in_transaction_session_timeout: 5_000,
	transaction_timeout: 300_000,
};

/** How much later than PostgreSQL should have said so we ourselves give a statement up. */
const GRACE_SECONDS = 5;

async function limitDuration(tx: Transaction, limits: Record<string, number>): Promise<void> {
	await tx.execute(sql`
		select set_config(pg_settings.name, limits.value, true)
		from pg_settings join json_each_text(${JSON.stringify(limits)}::json) as limits(name, value) using (name)
	`);
}

/**
 * The first locks: user rows, in one statement, in the order of ids. Session rows come after them, everywhere. One
 * order for all means that two acts on each other's people queue up instead of deadlocking.
 */
async function lockPeople(tx: Transaction, actor: Actor, { people = [], owners = false }: Options) {
	const ids = [...new Set([...people, ...actingPeople(actor)])];
	const wanted: SQL | undefined = owners ? or(inArray(users.id, ids), eq(users.role, "owner")) : inArray(users.id, ids);
	if (ids.length === 0 && !owners) return new Map<string, LockedPerson>();
	const rows = await tx
		.select({
			id: users.id,
			name: users.name,
			email: users.email,
			role: users.role,
			suspended: isSuspended(),
			verified: isNotNull(users.emailVerifiedAt),
		})
		.from(users)
		.where(wanted)
		.orderBy(asc(users.id))
		// A plain write shares; an act on people excludes every other act on them, and every write by them.
		.for(people.length > 0 || owners ? "no key update" : "share");
	return new Map(rows.map((row) => [row.id, row as LockedPerson]));
}

/** Then the session rows, and on the locked rows the question whether the actor may. */
async function requireAuthority(
	tx: Transaction,
	actor: Actor,
	permission: Permission,
	people: Map<string, LockedPerson>,
): Promise<Role> {
	if ("operator" in actor) return "owner";
	const ids = actor.impersonator ? [actor.id, actor.impersonator.sessionId] : [actor.id];
	const live = await tx
		.select({ id: sessions.id, authenticatedAt: sessions.authenticatedAt })
		.from(sessions)
		.where(and(inArray(sessions.id, ids), isLive()))
		.orderBy(asc(sessions.id))
		.for("share");
	if (live.length < ids.length || !areActive(actor, people) || wasReplaced(actor, live)) {
		throw new Refusal("session-ended", "Your session has ended.");
	}

	const role = people.get(actor.user.id)?.role as Role;
	if (!allows(role, permission, actor.impersonator !== null)) {
		throw new Refusal("forbidden", "You may not do this.");
	}
	for (const { authenticatedAt } of live) requireFreshProof(permission, authenticatedAt);
	return role;
}

/** Whether nobody involved is suspended, and an admin behind it may still impersonate the person. */
function areActive(actor: Session, people: Map<string, LockedPerson>): boolean {
	const involved = actingPeople(actor).map((id) => people.get(id));
	const [person, admin] = involved;
	return involved.every((one) => one?.suspended === false) && (!admin || !person || mayImpersonate(admin, person));
}

/**
 * Whether the session has another token than the one that the actor came with: each proof of who they are replaces it.
 * Otherwise a copied cookie could begin a request, wait for the owner's proof, and act on the strength of it.
 */
function wasReplaced(actor: Session, live: { id: string; authenticatedAt: Date }[]): boolean {
	return live.some(({ id, authenticatedAt }) => id === actor.id && +authenticatedAt !== +actor.authenticatedAt);
}

/** The people as whom the actor acts: themselves, and while impersonating the admin behind it too. */
function actingPeople(actor: Actor): string[] {
	if ("operator" in actor) return [];
	return actor.impersonator ? [actor.user.id, actor.impersonator.id] : [actor.user.id];
}
