/** The audit log as a CSV file: a stream that holds one batch in memory, and that breaks off when its session ends. */
import { stringify } from "csv-stringify/sync";
import { Refusal } from "@/lib/errors";
import { log } from "@/lib/log";
import { allows } from "@/lib/permissions/matrix";
import type { SessionTokens } from "@/lib/session/cookie";
import { endOfSession } from "@/lib/session/feed";
import { fenced } from "@/lib/session/fence";
import { findSession, type Session } from "@/lib/session/lookup";
import { type AuditEvent, type AuditFilter, auditEventsInBatches } from "./list";
import { recordAudit } from "./record";

const BATCH_ROWS = 1_000;

/**
 * The events that match, newest first, as CSV (RFC 4180) for spreadsheets. That somebody exported them is an event
 * itself. Throws a Refusal "session-ended" or "forbidden".
 *
 * The stream fails, so that the download shows as broken, as soon as the session ends or may no longer export: the feed
 * says so at once, and before each batch the live rows are asked.
 *
 * @param tokens by which the session is looked up again
 * @param gone aborts when the client has closed the connection
 */
export async function exportAuditLog(
	session: Session,
	tokens: SessionTokens,
	filter: AuditFilter,
	gone: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
	await fenced(session, "audit.export", ({ tx }) =>
		recordAudit(tx, session, { action: "audit.exported", detail: { filter } }),
	);
	const check = () => requireExporter(session, tokens);
	const ended = await endOfSession(session, check);
	ended.signal.throwIfAborted();
	// Nobody cancels the stream of a client that has gone before it began.
	gone.addEventListener("abort", ended.release);
	if (gone.aborted) ended.release();
	const chunks = csvChunks(filter, check);
	return new ReadableStream({
		start(controller) {
			ended.signal.addEventListener("abort", () => {
				log.warn({ error: ended.signal.reason, session: session.id }, "an export was broken off");
				ended.release();
				controller.error(ended.signal.reason);
			});
		},
		async pull(controller) {
			try {
				const { value, done } = await chunks.next();
				if (ended.signal.aborted) return;
				if (!done) return controller.enqueue(value);
				controller.close();
				ended.release();
			} catch (error) {
				ended.abort(error);
			}
		},
		cancel: ended.release,
	});
}

/** Throws unless the person behind the tokens may export, right now. */
async function requireExporter(session: Session, tokens: SessionTokens): Promise<void> {
	const now = await findSession(tokens, session.origin);
	if (!now) throw new Refusal("session-ended", "Your session has ended.");
	if (!allows(now.user.role, "audit.export", now.impersonator !== null)) {
		throw new Refusal("forbidden", "You may not do this.");
	}
}

async function* csvChunks(filter: AuditFilter, check: () => Promise<void>): AsyncGenerator<Uint8Array> {
	const encoder = new TextEncoder();
	// The byte order mark tells spreadsheets that this is UTF-8.
	yield encoder.encode(`\uFEFF${csv([Object.keys(columns)])}`);
	for await (const events of auditEventsInBatches(filter, BATCH_ROWS)) {
		// After reading, not before: what leaves was read while it was still allowed.
		await check();
		yield encoder.encode(csv(events.map((event) => Object.values(columns).map((read) => read(event)))));
	}
}

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front: names and reasons are written by
 * anyone (OWASP, CSV injection).
 */
function csv(rows: unknown[][]): string {
	return stringify(rows, { escape_formulas: true, record_delimiter: "windows" });
}

const columns: Record<string, (event: AuditEvent) => unknown> = {
	id: ({ id }) => id,
	occurred_at: ({ occurredAt }) => occurredAt.toISOString(),
	action: ({ action }) => action,
	actor_id: ({ actor }) => actor.id,
	actor: ({ actor }) => actor.label,
	acting_as_id: ({ actingAs }) => actingAs?.id,
	acting_as: ({ actingAs }) => actingAs?.label,
	target_id: ({ target }) => target?.id,
	target: ({ target }) => target?.label,
	session_id: ({ sessionId }) => sessionId,
	ip: ({ ip }) => ip,
	user_agent: ({ userAgent }) => userAgent,
	reason: ({ reason }) => reason,
	detail: ({ detail }) => (detail ? JSON.stringify(detail) : null),
};
