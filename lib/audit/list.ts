/** Reads the audit log: who did what, on whom, when and from where, newest first. */
import { and, asc, desc, eq, gt, gte, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { type AnyPgColumn, unionAll } from "drizzle-orm/pg-core";
import { z } from "zod";
import { db } from "@/db/client";
import { auditEvents } from "@/db/schema";
import { PAGE_ROWS, type Page, type Position, pageOf, readCursor } from "@/lib/list/cursor";
import { boundsOfDay, containing, dayField, firstIdAt, networkField, searchField } from "@/lib/list/filter";
import { actionsOf, auditChoices } from "./actions";

export const auditFilterSchema = z
	.strictObject({
		who: searchField.describe(
			"Who really acted: the id of a person, or words that all occur in the name or e-mail address.",
		),
		whom: searchField.describe("On whom, in the same way."),
		person: z
			.uuid({ error: "That is not the id of a person." })
			.describe("The id of a person who did it, to whom it was done, or as whom it was done."),
		what: z.enum(auditChoices, { error: "Choose one of the actions." }).describe("One action, or a group of them."),
		from: dayField.describe("The first day, in UTC."),
		to: dayField.describe("The last day, in UTC."),
		ip: networkField,
	})
	.partial()
	.refine(({ from, to }) => !from || !to || from <= to, { path: ["to"], error: "This is before the first day." });

export type AuditFilter = z.output<typeof auditFilterSchema>;

/** A person as the log remembers them: under the name that they had then. */
export interface Remembered {
	/** Null for visitors, the system and the command line; the label then says which. */
	id: string | null;
	/** "Alice Nakamura <alice@example.com>", "visitor", "system". */
	label: string;
}

export interface AuditEvent {
	id: string;
	occurredAt: Date;
	/** A key of `auditActions`, unless the event is from a version that knew other ones. */
	action: string;
	/** Who really acted. */
	actor: Remembered;
	/** As whom, while impersonating. */
	actingAs: Remembered | null;
	/** On whom. */
	target: Remembered | null;
	sessionId: string | null;
	ip: string | null;
	userAgent: string | null;
	reason: string | null;
	detail: Record<string, unknown> | null;
}

/** One page of the events that match. Throws a Refusal "invalid" for a cursor that is not one of this list's. */
export async function listAuditEvents(filter: AuditFilter, cursor?: string | null): Promise<Page<AuditEvent>> {
	const position = readCursor(cursor, z.uuid());
	const events = await fetchAuditEvents(filter, position, PAGE_ROWS + 1);
	return pageOf(events, position, (event) => event.id);
}

/** All events that match, newest first and in batches: however many there are, only one batch is in memory. */
export async function* auditEventsInBatches(filter: AuditFilter, batchRows: number): AsyncGenerator<AuditEvent[]> {
	let position: Position<string> | null = null;
	let batch: AuditEvent[];
	do {
		batch = await fetchAuditEvents(filter, position, batchRows);
		if (batch.length > 0) yield batch;
		position = { key: batch.at(-1)?.id ?? "", back: false };
	} while (batch.length === batchRows);
}

/** Up to so many of the events that match, from a position on, in the direction in which it looks. */
async function fetchAuditEvents(
	filter: AuditFilter,
	position: Position<string> | null,
	limit: number,
): Promise<AuditEvent[]> {
	const order = position?.back ? asc(auditEvents.id) : desc(auditEvents.id);
	const matching = and(matches(filter), position ? beyond(position) : undefined);
	const rows = await db
		.select(columns)
		.from(auditEvents)
		.where(filter.person ? inArray(auditEvents.id, involving(filter.person, matching, order, limit)) : matching)
		.orderBy(order)
		.limit(limit);
	return rows.map(({ actorId, actorLabel, actingAsId, actingAsLabel, targetId, targetLabel, ...event }) => ({
		...event,
		actor: { id: actorId, label: actorLabel },
		actingAs: actingAsLabel === null ? null : { id: actingAsId, label: actingAsLabel },
		target: targetLabel === null ? null : { id: targetId, label: targetLabel },
	}));
}

const columns = {
	id: auditEvents.id,
	occurredAt: auditEvents.occurredAt,
	action: auditEvents.action,
	actorId: auditEvents.actorId,
	actorLabel: auditEvents.actorLabel,
	actingAsId: auditEvents.actingAsId,
	actingAsLabel: auditEvents.actingAsLabel,
	targetId: auditEvents.targetId,
	targetLabel: auditEvents.targetLabel,
	sessionId: auditEvents.sessionId,
	ip: auditEvents.ip,
	userAgent: auditEvents.userAgent,
	reason: auditEvents.reason,
	detail: auditEvents.detail,
};

function matches({ who, whom, what, from, to, ip }: AuditFilter): SQL | undefined {
	return and(
		who ? isPerson(who, auditEvents.actorId, auditEvents.actorLabel) : undefined,
		whom ? isPerson(whom, auditEvents.targetId, auditEvents.targetLabel) : undefined,
		what ? inArray(auditEvents.action, actionsOf(what)) : undefined,
		from ? since(boundsOfDay(from).start) : undefined,
		to ? before(boundsOfDay(to).end) : undefined,
		ip ? sql`${auditEvents.ip} <<= ${ip}::inet` : undefined,
	);
}

function isPerson(who: string, id: AnyPgColumn, label: AnyPgColumn): SQL | undefined {
	if (z.uuid().safeParse(who).success) return eq(id, who);
	const words = who.split(/\s+/u).filter(Boolean);
	return and(...words.map((word) => occurs(word, label)));
}

const SHORT_WORD_CHARACTERS = 2;

/** The trigram index finds three characters anywhere, but fewer only where a word begins. */
function occurs(word: string, label: AnyPgColumn): SQL | undefined {
	if ([...word].length > SHORT_WORD_CHARACTERS) return ilike(label, containing(word));
	const start = containing(word).slice(1);
	return or(ilike(label, start), ilike(label, `% ${start}`), ilike(label, `%<${start}`));
}

/**
 * An event gets its id when it is written and its time when its transaction began, which is at most a few minutes
 * earlier. So the primary key bounds the search, with some slack, and the time decides.
 */
const SLACK_MILLISECONDS = 600_000;

function since(moment: Date): SQL | undefined {
	const first = firstIdAt(new Date(moment.getTime() - SLACK_MILLISECONDS));
	return and(gte(auditEvents.occurredAt, moment), gte(auditEvents.id, first));
}

function before(moment: Date): SQL | undefined {
	const end = firstIdAt(new Date(moment.getTime() + SLACK_MILLISECONDS));
	return and(lt(auditEvents.occurredAt, moment), lt(auditEvents.id, end));
}

function beyond({ key, back }: Position<string>): SQL {
	return back ? gt(auditEvents.id, key) : lt(auditEvents.id, key);
}

/** The ids of the first events that the person is part of: three walks along three indexes, where an `or` would sort. */
function involving(person: string, matching: SQL | undefined, order: SQL, limit: number) {
	const walk = (column: AnyPgColumn) =>
		db
			.select({ id: auditEvents.id })
			.from(auditEvents)
			.where(and(eq(column, person), matching))
			.orderBy(order)
			.limit(limit);
	return unionAll(walk(auditEvents.actorId), walk(auditEvents.targetId), walk(auditEvents.actingAsId));
}
