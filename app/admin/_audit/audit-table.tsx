/** The audit log as a table: who did what, on whom, when and from where. Used by the audit page and beside a person. */
import Link from "next/link";
import { Badge, type Tone } from "@/app/_ui/badge";
import { Table, TBody, Td, THead, Th, Tr } from "@/app/_ui/table";
import { Time } from "@/app/_ui/time";
import { AuditDetail } from "@/app/admin/_audit/audit-detail";
import type { AuditEvent, Remembered } from "@/lib/audit/list";
import { namesOf, sayAction, summarize } from "@/lib/audit/words";

export function AuditTable({ events }: { events: AuditEvent[] }) {
	return (
		<Table label="Audit log">
			<THead>
				<Th>When</Th>
				<Th>Who</Th>
				<Th>What</Th>
				<Th>On whom</Th>
				<Th>IP address</Th>
				<Th>Reason</Th>
				<Th hideLabel>Details</Th>
			</THead>
			<TBody>
				{events.map((event) => (
					<AuditRow key={event.id} event={event} />
				))}
			</TBody>
		</Table>
	);
}

function AuditRow({ event }: { event: AuditEvent }) {
	const onSomeoneElse = event.target && event.target.id !== event.actor.id;
	return (
		<Tr>
			<Td label="When" className="whitespace-nowrap text-muted">
				<Time at={event.occurredAt} format="datetime" />
			</Td>
			<Td label="Who">
				<div>
					<PersonLink person={event.actor} />
					{event.actingAs && (
						<p className="flex gap-1 text-muted text-xs">
							as <PersonLink person={event.actingAs} />
						</p>
					)}
				</div>
			</Td>
			<Td part="title" className="max-sm:order-first">
				<span className="flex flex-wrap items-center gap-x-2 gap-y-1">
					<Badge tone={toneOf(event.action)}>{sayAction(event.action)}</Badge>
					<span className="text-muted text-xs">{summarize(event)}</span>
				</span>
			</Td>
			<Td label="On whom">{onSomeoneElse && event.target && <PersonLink person={event.target} />}</Td>
			<Td label="IP address" className="whitespace-nowrap text-muted">
				{event.ip && <span>{event.ip}</span>}
			</Td>
			<Td label="Reason">
				{event.reason && (
					<span className="block truncate" title={event.reason}>
						{event.reason}
					</span>
				)}
			</Td>
			<Td part="actions">
				<AuditDetail event={event} />
			</Td>
		</Tr>
	);
}

/** Someone by the name that they had then; a link to the person if there is one. */
export function PersonLink({ person }: { person: Remembered }) {
	const { name, email } = namesOf(person);
	if (!person.id) return <span className="text-muted">{name}</span>;
	return (
		<Link
			href={`/admin/users/${person.id}`}
			prefetch={false}
			title={email ? `${name} <${email}>` : name}
			className="block truncate hover:underline"
		>
			{name}
		</Link>
	);
}

/** Red for what puts people out, amber for what deserves a look, green for what lets them in. */
function toneOf(action: string): Tone {
	if (/forced_out|suspended|offboarded/.test(action)) return "red";
	if (/failed|role_changed|password/.test(action)) return "amber";
	if (/impersonation/.test(action)) return "violet";
	if (/created|reactivated|session\.started/.test(action)) return "green";
	return "neutral";
}
