import { Avatar } from "@/app/_ui/avatar";
import { RoleBadge, StatusBadge } from "@/app/_ui/badge";
import type { UserDetail } from "@/lib/admin/user";

/** Who it is, at a glance. */
export function PersonTitle({ user }: { user: UserDetail }) {
	return (
		<span className="flex min-w-0 items-center gap-4">
			<Avatar name={user.name} size="lg" />
			<span className="min-w-0">
				<span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
					<span className="min-w-0 break-words">{user.name}</span>
					<RoleBadge role={user.role} />
					<StatusBadge status={user.status} />
				</span>
				<span className="block break-all font-normal text-base text-muted tracking-normal">{user.email}</span>
			</span>
		</span>
	);
}
