import { Card, CardHeader } from "@/app/_ui/card";
import { Time } from "@/app/_ui/time";
import type { PastImpersonation } from "@/lib/session/own";

/** Who acted as the person, when and why. People have a right to know. */
export function PastImpersonations({ impersonations }: { impersonations: PastImpersonation[] }) {
	return (
		<Card aria-labelledby="impersonations">
			<CardHeader
				id="impersonations"
				title="Past impersonations"
				description="An administrator used the product as you, for the reason given."
			/>
			<ul aria-label="Past impersonations" className="divide-y border-t">
				{impersonations.map(({ id, by, reason, startedAt, endedAt }) => (
					<li key={id} className="px-5 py-3.5 max-sm:px-4">
						<p className="font-medium">{by ?? "An administrator who has left"}</p>
						<p className="mt-0.5 text-muted text-sm">
							<Time at={startedAt} format="datetime" /> to <Time at={endedAt} format="clock" />
						</p>
						{reason && <p className="mt-0.5 break-words text-muted text-sm">Reason: {reason}</p>}
					</li>
				))}
			</ul>
		</Card>
	);
}
