import type { ReactNode } from "react";
import { Card } from "@/app/_ui/card";
import { CopyButton } from "@/app/_ui/copy-button";
import { LiveDot } from "@/app/_ui/live-dot";
import { Time } from "@/app/_ui/time";
import type { UserDetail } from "@/lib/admin/user";
import { assignableRoles, type Ranked } from "@/lib/permissions/matrix";
import { RoleSelect } from "./role-select";

/** What there is to know about the person, and the role that can be changed right here. */
export function PersonFacts({ viewer, user }: { viewer: Ranked; user: UserDetail }) {
	return (
		<Card
			aria-label="About this person"
			className="mb-6 grid grid-cols-2 gap-x-8 gap-y-4 p-5 max-sm:p-4 max-sm:*:first:col-span-2 max-sm:*:last:col-span-2 lg:grid-cols-4"
		>
			<RoleSelect user={user} options={assignableRoles(viewer, user)} whyNot={whyNoRole(viewer, user)} />
			<Fact label="Last seen">
				{user.lastSeenAt && user.sessions > 0 && <LiveDot at={user.lastSeenAt} />}
				{user.lastSeenAt ? <Time at={user.lastSeenAt} /> : "Never"}
			</Fact>
			<Fact label="Joined">
				<Time at={user.createdAt} format="date" />
			</Fact>
			<Fact label="Id">
				<code className="truncate font-mono text-xs" title={user.id}>
					{user.id}
				</code>
				<CopyButton text={user.id} label="Copy the id" />
			</Fact>
		</Card>
	);
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
	return (
		<div className="min-w-0">
			<p className="mb-1.5 font-medium text-sm">{label}</p>
			<div className="flex min-w-0 items-center gap-2 text-muted text-sm sm:h-8.5">{children}</div>
		</div>
	);
}

/** Why the viewer may give this person no other role; null if they may. */
function whyNoRole(viewer: Ranked, user: Ranked): string | null {
	if (viewer.id === user.id) return "Nobody changes their own role.";
	if (assignableRoles(viewer, user).length > 0) return null;
	return "Your role does not allow you to change it.";
}
