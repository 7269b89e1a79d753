import { Avatar } from "@/app/_ui/avatar";
import { RoleBadge, StatusBadge } from "@/app/_ui/badge";
import Link from "@/app/_ui/link";
import { LinkRow } from "@/app/_ui/link-row";
import { LiveDot } from "@/app/_ui/live-dot";
import { Table, TBody, Td, THead, Th } from "@/app/_ui/table";
import { Time } from "@/app/_ui/time";
import type { UserRow } from "@/lib/admin/presence";
import type { UserFilter } from "@/lib/admin/users";

/** One row for each person; the whole row leads to them. */
export function UserTable({ users, filter }: { users: UserRow[]; filter: UserFilter }) {
	return (
		<Table label="Users">
			<THead>
				<Th sort={sortBy("name", filter)}>Person</Th>
				<Th>Role</Th>
				<Th>Status</Th>
				<Th align="end">Sessions</Th>
				<Th>Last seen</Th>
				<Th sort={sortBy("joined", filter)}>Joined</Th>
			</THead>
			<TBody>
				{users.map((user) => (
					<UserTr key={user.id} user={user} />
				))}
			</TBody>
		</Table>
	);
}

function UserTr({ user }: { user: UserRow }) {
	return (
		<LinkRow>
			<Td part="title">
				<div className="flex min-w-0 items-center gap-3">
					<Avatar name={user.name} />
					<div className="min-w-0">
						<Link href={`/admin/users/${user.id}`} title={user.name} className="block truncate font-medium">
							{user.name}
						</Link>
						<p className="truncate text-muted text-xs" title={user.email}>
							{user.email}
						</p>
					</div>
				</div>
			</Td>
			<Td label="Role">
				<RoleBadge role={user.role} />
			</Td>
			{/* What is as it should be stays quiet. */}
			<Td label="Status" className={user.status === "active" ? "text-muted" : undefined}>
				{user.status === "active" ? "Active" : <StatusBadge status={user.status} />}
			</Td>
			<Td label="Sessions" align="end" className={user.sessions === 0 ? "text-faint" : undefined}>
				<span>{user.sessions}</span>
			</Td>
			<Td label="Last seen" className="whitespace-nowrap text-muted">
				<LastSeen {...user} />
			</Td>
			<Td label="Joined" className="whitespace-nowrap text-muted">
				<Time at={user.createdAt} format="date" />
			</Td>
		</LinkRow>
	);
}

function LastSeen({ sessions, lastSeenAt }: UserRow) {
	if (!lastSeenAt) return <span className="text-faint">Never</span>;
	return (
		<span className="inline-flex items-center gap-2">
			{sessions > 0 && <LiveDot at={lastSeenAt} />}
			<Time at={lastSeenAt} />
		</span>
	);
}

/** Sorts by the column, and the other way around if the list is sorted by it already. A new order has no cursor. */
function sortBy(column: "name" | "joined", filter: UserFilter) {
	const sorted = { [column]: "ascending", [`-${column}`]: "descending" } as const;
	const direction: "ascending" | "descending" | undefined = sorted[filter.sort as keyof typeof sorted];
	const sort = direction === "ascending" ? `-${column}` : column;
	return { direction, href: `/admin/users?${new URLSearchParams({ ...filter, sort })}` };
}
