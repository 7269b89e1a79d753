/** The audit log as a table: who did what, on whom, when and from where. Used by the audit page and beside a person. */
import { Badge, type Tone } from "@/app/_ui/badge";
import { Table, TBody, Td, THead, Th, Tr } from "@/app/_ui/table";
import { Time } from "@/app/_ui/time";
import { AuditDetail } from "@/app/admin/_audit/audit-detail";
import { DetailDialog } from "@/app/admin/_audit/detail-dialog";
import { PersonLink } from "@/app/admin/_audit/person-link";
import type { AuditEvent } from "@/lib/audit/list";
import { sayAction, summarize } from "@/lib/audit/words";

export function AuditTable({ events }: { events: AuditEvent[] }) {
	return (
		<DetailDialog>
			<Table label="Audit log">
				<THead>
					<Th>When</Th>
					<Th>Who</Th>
					<Th>What and why</Th>
					<Th>On whom</Th>
					<Th>IP address</Th>
					<Th hideLabel>Details</Th>
				</THead>
				<TBody>
					{events.map((event) => (
						<AuditRow key={event.id} event={event} />
					))}
				</TBody>
			</Table>
		</DetailDialog>
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
				<div className="sm:max-w-44">
					<PersonLink person={event.actor} />
					{event.actingAs && (
						<p className="flex gap-1 text-muted text-xs max-sm:justify-end">
							as <PersonLink person={event.actingAs} />
						</p>
					)}
				</div>
			</Td>
			<Td part="title" className="max-sm:order-first">
				<div className="space-y-1 py-0.5">
					<p className="flex flex-wrap items-center gap-x-2 gap-y-1">
						<Badge tone={toneOf(event.action)}>{sayAction(event.action)}</Badge>
						<span className="font-normal text-muted text-xs">{summarize(event)}</span>
					</p>
					{event.reason && (
						<p className="line-clamp-2 font-normal text-muted text-xs sm:max-w-64" title={event.reason}>
							{event.reason}
						</p>
					)}
				</div>
			</Td>
			<Td label="On whom">
				{onSomeoneElse && event.target && (
					<div className="sm:max-w-44">
						<PersonLink person={event.target} />
					</div>
				)}
			</Td>
			<Td label="IP address" className="text-muted">
				{event.ip && (
					<span className="block truncate sm:max-w-36" title={event.ip}>
						{event.ip}
					</span>
				)}
			</Td>
			<Td part="actions">
				<AuditDetail event={event} />
			</Td>
		</Tr>
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
