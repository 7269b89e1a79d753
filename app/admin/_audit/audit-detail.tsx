/** The button that shows everything that is known about one event, in a window. */
import { DescriptionList } from "@/app/_ui/description-list";
import { Time } from "@/app/_ui/time";
import { DetailButton } from "@/app/admin/_audit/detail-dialog";
import { PersonLink } from "@/app/admin/_audit/person-link";
import type { AuditEvent, Remembered } from "@/lib/audit/list";
import { namesOf, sayAction, sayDetail } from "@/lib/audit/words";
import { describeDevice } from "@/lib/request/device";

export function AuditDetail({ event }: { event: AuditEvent }) {
	const action = sayAction(event.action);
	return (
		<DetailButton
			label={`Details: ${action}, ${namesOf(event.actor).name}`}
			title={action}
			description={<Moment at={event.occurredAt} />}
		>
			<DescriptionList
				items={[
					{ label: "Who", value: <Whom person={event.actor} /> },
					{ label: "Acting as", value: event.actingAs && <Whom person={event.actingAs} /> },
					{ label: "On whom", value: event.target && <Whom person={event.target} /> },
					{ label: "Reason", value: event.reason && <span className="whitespace-pre-wrap">{event.reason}</span> },
					...sayDetail(event.detail).map(({ label, value }) => ({
						label,
						value: value instanceof Date ? <Moment at={value} /> : value,
					})),
					{ label: "IP address", value: event.ip },
					{ label: "Browser", value: event.userAgent && <Browser userAgent={event.userAgent} /> },
					{ label: "Session", value: event.sessionId && <Code>{event.sessionId}</Code> },
					{ label: "Event", value: <Code>{event.id}</Code> },
					{ label: "Action", value: <Code>{event.action}</Code> },
				]}
			/>
		</DetailButton>
	);
}

function Whom({ person }: { person: Remembered }) {
	const { email } = namesOf(person);
	return (
		<>
			<PersonLink person={person} />
			{email && <p className="text-muted text-xs">{email}</p>}
		</>
	);
}

function Browser({ userAgent }: { userAgent: string }) {
	const { browser, operatingSystem } = describeDevice(userAgent);
	return (
		<>
			{browser && <p>{operatingSystem ? `${browser} on ${operatingSystem}` : browser}</p>}
			<p className="text-muted text-xs">{userAgent}</p>
		</>
	);
}

function Moment({ at }: { at: Date }) {
	return (
		<>
			<Time at={at} format="date" />, <Time at={at} format="clock" />
		</>
	);
}

function Code({ children }: { children: string }) {
	return <code className="font-mono text-xs">{children}</code>;
}
