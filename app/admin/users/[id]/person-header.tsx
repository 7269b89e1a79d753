import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Avatar } from "@/app/_ui/avatar";
import { RoleBadge, StatusBadge } from "@/app/_ui/badge";
import Link from "@/app/_ui/link";
import type { UserDetail } from "@/lib/admin/user";

/** Who it is, at a glance, and what can be done about them. */
export function PersonHeader({ user, actions }: { user: UserDetail; actions: ReactNode }) {
	return (
		<header className="mb-6">
			<Link
				href="/admin/users"
				className="mb-3 inline-flex items-center gap-1 rounded-sm text-muted text-sm hover:text-ink touch:min-h-11"
			>
				<ChevronLeft className="size-4" aria-hidden /> Users
			</Link>
			<div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-4">
				<div className="flex min-w-0 items-center gap-4">
					<Avatar name={user.name} size="lg" />
					<div className="min-w-0">
						<div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
							<h1 className="min-w-0 break-words font-semibold text-xl tracking-tight">{user.name}</h1>
							<RoleBadge role={user.role} />
							<StatusBadge status={user.status} />
						</div>
						<p className="break-all text-muted">{user.email}</p>
					</div>
				</div>
				<div className="flex flex-wrap items-center gap-2">{actions}</div>
			</div>
		</header>
	);
}
