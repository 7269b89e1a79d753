/** Who is signed in, by what they may do. A session of an owner that nobody expects should catch the eye. */
import { RoleBadge } from "@/app/_ui/badge";
import { Card, CardHeader } from "@/app/_ui/card";
import Link from "@/app/_ui/link";
import type { Overview } from "@/lib/admin/overview";

export function SessionsByRole({ sessions }: { sessions: Overview["sessionsByRole"] }) {
	return (
		<Card aria-labelledby="signed-in-by-role" className="lg:max-xl:col-span-2">
			<CardHeader id="signed-in-by-role" title="Signed in now" description="Live sessions by role" />
			<ul className="px-2 pb-3">
				{sessions.map(({ role, count }) => (
					<li key={role}>
						<Link
							href={`/admin/sessions?role=${role}`}
							className="flex h-11 items-center justify-between gap-4 rounded-md px-3 hover:bg-sunken/50 max-sm:px-2"
						>
							<RoleBadge role={role} />
							<span className="font-medium tabular-nums">{count.toLocaleString("en")}</span>
						</Link>
					</li>
				))}
			</ul>
		</Card>
	);
}
