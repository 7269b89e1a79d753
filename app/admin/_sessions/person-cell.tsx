import { Avatar } from "@/app/_ui/avatar";
import { RoleBadge } from "@/app/_ui/badge";
import Link from "@/app/_ui/link";
import type { SessionRow } from "@/lib/admin/sessions";

/** Whose session it is, leading to their page. */
export function PersonCell({ person }: { person: SessionRow["user"] }) {
	return (
		<div className="flex min-w-0 items-center gap-3">
			<Avatar name={person.name} />
			<div className="min-w-0">
				<p className="flex min-w-0 items-center gap-2">
					<Link href={`/admin/users/${person.id}`} title={person.name} className="truncate font-medium hover:underline">
						{person.name}
					</Link>
					{person.role !== "user" && <RoleBadge role={person.role} />}
				</p>
				<p className="truncate text-muted text-xs" title={person.email}>
					{person.email}
				</p>
			</div>
		</div>
	);
}
