/** Says audit events in words: what the console shows, and what a person can read without knowing our names for things. */
import { type AuditAction, type AuditChoice, auditActionGroups, auditActions } from "./actions";
import type { AuditEvent, Remembered } from "./list";

/** "Forced a logout". An action that this version does not know is shown as it is. */
export function sayAction(action: string): string {
	const words: string = auditActions[action as AuditAction] ?? action;
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the console can be asked for: "All forced logouts", "Signed in". */
export function sayChoice(choice: AuditChoice): string {
	return choice in auditActionGroups
		? auditActionGroups[choice as keyof typeof auditActionGroups].label
		: sayAction(choice);
}

/** The one thing to know beside the action: "user → admin", "3 sessions". Null when the action says it all. */
export function summarize({ action, detail }: Pick<AuditEvent, "action" | "detail">): string | null {
	if (action === "user.role_changed" || action.startsWith("email.change")) return `${detail?.from} → ${detail?.to}`;
	if (action === "audit.exported") return null;
	if (typeof detail?.count === "number") return counted(detail.count, "session");
	return null;
}

/** "1 session", "1,200 sessions", "2 people". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
	return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}

/** Who someone was: their name, and their e-mail address if they had one. "Visitor" and "System" have none. */
export function namesOf({ id, label }: Remembered): { name: string; email: string | null } {
	const [, name, email] = /^(.*) <([^<>]*)>$/s.exec(label) ?? [];
	if (name !== undefined && email !== undefined) return { name, email };
	return { name: id ? label : label.charAt(0).toUpperCase() + label.slice(1), email: null };
}

/** The detail of an event as names and values to read. Moments are Dates, so that they can be shown in local time. */
export function sayDetail(detail: AuditEvent["detail"]): { label: string; value: string | Date }[] {
	return Object.entries(detail ?? {})
		.filter(([, value]) => value !== null && value !== undefined)
		.map(([key, value]) => ({ label: detailLabels[key] ?? spaced(key), value: sayValue(value) }));
}

const detailLabels: Record<string, string> = {
	count: "Sessions ended",
	from: "From",
	to: "To",
	until: "Until",
	sessions: "Own sessions ended",
	impersonationsOpened: "Impersonations they opened",
	impersonationsOf: "Impersonations of them",
	sessionIds: "Sessions chosen",
	chosen: "Sessions chosen",
	filter: "Filter",
};

const LIST_LIMIT = 5;
const ISO_MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** What the log holds cannot be taken back, so whatever is in it can be said. */
function sayValue(value: unknown): string | Date {
	if (value === null || value === undefined) return "None";
	if (typeof value === "string") return ISO_MOMENT.test(value) ? new Date(value) : value;
	if (typeof value === "number") return value.toLocaleString("en");
	if (typeof value === "boolean") return value ? "Yes" : "No";
	if (Array.isArray(value)) return sayList(value);
	const pairs = Object.entries(value as object).map(([key, inner]) => `${spaced(key)}: ${String(sayValue(inner))}`);
	return pairs.length > 0 ? pairs.join(", ") : "None";
}

function sayList(values: unknown[]): string {
	if (values.length === 0) return "None";
	const shown = values.slice(0, LIST_LIMIT).map(String).join(", ");
	return values.length > LIST_LIMIT ? `${shown} and ${values.length - LIST_LIMIT} more` : shown;
}

/** "olderThan" → "Older than". */
function spaced(key: string): string {
	const words = key
		.replace(/[_.-]+/g, " ")
		.replace(/([a-z])([A-Z])/g, "$1 $2")
		.toLowerCase();
	return words.charAt(0).toUpperCase() + words.slice(1);
}
