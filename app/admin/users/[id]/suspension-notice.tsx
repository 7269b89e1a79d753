import { Alert } from "@/app/_ui/alert";
import { Time } from "@/app/_ui/time";
import { PersonLink } from "@/app/admin/_audit/person-link";
import type { OffboardingReport } from "@/lib/admin/suspension";
import type { Suspension } from "@/lib/admin/user";
import { counted } from "@/lib/audit/words";

/** Why the person is out, by whom and until when; and after an off-boarding the report of what ended with it. */
export function SuspensionNotice({ suspension }: { suspension: Suspension }) {
	const { since, until, by, reason, offboarding } = suspension;
	return (
		<Alert tone="warning" title={offboarding ? "Off-boarded" : "Suspended"} className="mb-6">
			<p className="flex flex-wrap gap-x-1">
				<Time at={since} format="datetime" />
				{by && (
					<>
						by <PersonLink person={by} />
					</>
				)}
				{until && (
					<span>
						· until <Time at={until} format="datetime" />
					</span>
				)}
			</p>
			{reason && <p className="whitespace-pre-wrap">Reason: {reason}</p>}
			{offboarding && <p>Ended with it: {sayReport(offboarding)}.</p>}
		</Alert>
	);
}

/** "2 sessions, 1 impersonation they opened". Also says what an off-boarding would end. */
export function sayReport({ sessions, impersonationsOpened, impersonationsOf }: OffboardingReport): string {
	const parts = [counted(sessions, "session")];
	if (impersonationsOpened > 0) parts.push(`${counted(impersonationsOpened, "impersonation")} they opened`);
	if (impersonationsOf > 0) parts.push(`${counted(impersonationsOf, "impersonation")} of them`);
	return parts.join(", ");
}
