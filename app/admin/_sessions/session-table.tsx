"use client";

/**
 * Live sessions as a table. `Force log out` is one click, without a question: the row leaves at once, see
 * `use-force-logout.ts`. Rows that the viewer may not end say why.
 */
import { Checkbox } from "@/app/_ui/checkbox";
import { LiveDot } from "@/app/_ui/live-dot";
import { Table, TBody, Td, THead, Th, Tr } from "@/app/_ui/table";
import { Time } from "@/app/_ui/time";
import type { EndedSessionRow } from "@/lib/admin/ended-sessions";
import type { SessionRow } from "@/lib/admin/sessions";
import type { Ranked } from "@/lib/permissions/matrix";
import { DeviceCell } from "./device-cell";
import { ForceLogoutButton } from "./force-logout-button";
import { PersonCell } from "./person-cell";
import { ReceiptToasts } from "./receipt-toasts";
import { SelectionBar } from "./selection-bar";
import { useForceLogout } from "./use-force-logout";
import { type MatchingSessions, useSelection } from "./use-selection";
import { methodNames, whyNot } from "./words";

type Props = {
	sessions: SessionRow[];
	/** Who looks at the table, and in which session. */
	viewer: Ranked & { sessionId: string };
	/** Leave out the column of people where all rows are of one. */
	showPerson?: boolean;
	/** What the list is a page of. Makes rows selectable. */
	matching?: MatchingSessions;
	/** Sessions that ended lately. The toasts of forced logouts show their receipts. */
	justEnded?: EndedSessionRow[];
};

export function SessionTable({ sessions, viewer, showPerson = true, matching, justEnded = [] }: Props) {
	const { rows, forceLogout } = useForceLogout(sessions);
	const selection = useSelection(rows.filter((session) => !whyNot(viewer, session.user)));
	return (
		<>
			<ReceiptToasts ended={justEnded} />
			<Table label="Active sessions">
				<THead>
					{matching && (
						<Th className="max-sm:py-3!">
							<Checkbox
								label="Select all on this page"
								className="sm:[&>div]:sr-only"
								checked={selection.all}
								indeterminate={selection.some}
								disabled={selection.selectable.size === 0}
								onChange={selection.toggleAll}
							/>
						</Th>
					)}
					{showPerson && <Th>Person</Th>}
					<Th>Device</Th>
					<Th>Signed in</Th>
					<Th>Last seen</Th>
					<Th hideLabel>Actions</Th>
				</THead>
				<TBody>
					{rows.map((session) => (
						<Tr key={session.id} selected={selection.chosen.has(session.id)}>
							{matching && (
								<Td part="select" data-hold-still>
									<Checkbox
										label={`Select the session of ${session.user.name}`}
										hideLabel
										checked={selection.chosen.has(session.id)}
										disabled={!selection.selectable.has(session.id)}
										onChange={() => selection.toggle(session.id)}
									/>
								</Td>
							)}
							{showPerson && (
								<Td part="title" className="sm:max-w-52!">
									<PersonCell person={session.user} />
								</Td>
							)}
							<Td
								part={showPerson ? undefined : "title"}
								className={showPerson ? "sm:max-w-52! xl:max-w-60!" : undefined}
							>
								<DeviceCell session={session} current={session.id === viewer.sessionId} />
							</Td>
							<Td label="Signed in" className="whitespace-nowrap text-muted">
								<div>
									<Time at={session.createdAt} />
									<p className="text-faint text-xs">{methodNames[session.authenticatedWith]}</p>
								</div>
							</Td>
							<Td label="Last seen" className="whitespace-nowrap text-muted">
								<span className="inline-flex items-center gap-2">
									<LiveDot at={session.lastSeenAt} />
									<Time at={session.lastSeenAt} />
								</span>
							</Td>
							<Td part="actions" data-hold-still>
								<ForceLogoutButton session={session} viewer={viewer} onForceLogout={() => forceLogout([session])} />
							</Td>
						</Tr>
					))}
				</TBody>
			</Table>
			{matching && (
				<SelectionBar
					selection={selection}
					matching={matching}
					onForceLogout={() => forceLogout(rows.filter(({ id }) => selection.chosen.has(id)))}
				/>
			)}
		</>
	);
}
