/** Sessions that are over: why, by whom, and the proof that it holds. */
import { Badge } from "@/app/_ui/badge";
import Link from "@/app/_ui/link";
import { Table, TBody, Td, THead, Th, Tr } from "@/app/_ui/table";
import { Time } from "@/app/_ui/time";
import type { EndedSessionRow } from "@/lib/admin/ended-sessions";
import { DeviceCell } from "./device-cell";
import { PersonCell } from "./person-cell";
import { Receipt } from "./receipt";
import { reasonNames, reasonTone } from "./words";

type Props = {
	sessions: EndedSessionRow[];
	/** Leave out the column of people where all rows are of one. */
	showPerson?: boolean;
};

export function EndedTable({ sessions, showPerson = true }: Props) {
	return (
		<Table label="Ended sessions">
			<THead>
				{showPerson && <Th>Person</Th>}
				<Th>Device</Th>
				<Th>Ended</Th>
				<Th>Why</Th>
				<Th>Receipt</Th>
			</THead>
			<TBody>
				{sessions.map((session) => (
					<EndedRow key={session.id} session={session} showPerson={showPerson} />
				))}
			</TBody>
		</Table>
	);
}

function EndedRow({ session, showPerson }: { session: EndedSessionRow; showPerson: boolean }) {
	return (
		<Tr>
			{showPerson && (
				<Td part="title" className="sm:max-w-52!">
					{session.user ? <PersonCell person={session.user} /> : <span className="text-muted">Account gone</span>}
				</Td>
			)}
			<Td part={showPerson ? undefined : "title"} className={showPerson ? "sm:max-w-52!" : undefined}>
				<DeviceCell session={session} />
			</Td>
			<Td label="Ended" className="whitespace-nowrap text-muted">
				<Time at={session.endedAt} />
			</Td>
			<Td label="Why">
				<div className="min-w-0">
					<Badge tone={reasonTone(session.reason)}>{reasonNames[session.reason]}</Badge>
					<EndedBy session={session} />
				</div>
			</Td>
			<Td label="Receipt">
				<Receipt session={session} />
			</Td>
		</Tr>
	);
}

/** Nobody ends a session that runs into a limit; the command line, and accounts that are gone, have no name here. */
function EndedBy({ session: { endedBy, user } }: { session: EndedSessionRow }) {
	if (!endedBy) return null;
	return (
		<p className="mt-0.5 truncate text-muted text-xs" title={endedBy.name}>
			by{" "}
			<Link href={`/admin/users/${endedBy.id}`} className="hover:underline">
				{endedBy.id === user?.id ? "themselves" : endedBy.name}
			</Link>
		</p>
	);
}
