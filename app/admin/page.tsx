/** The console's first page: who is here, and what happened lately. Every number leads to the list behind it. */
import { Activity, LogIn, LogOut, MonitorSmartphone, ShieldAlert } from "lucide-react";
import type { Metadata } from "next";
import { ButtonLink } from "@/app/_ui/button";
import { Card, CardHeader } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty";
import { KeepCurrent } from "@/app/_ui/keep-current";
import { PageHeader } from "@/app/_ui/page-header";
import { Stat, StatGrid } from "@/app/_ui/stat";
import { AuditTable } from "@/app/admin/_audit/audit-table";
import { type Overview, readOverview } from "@/lib/admin/overview";
import { listAuditEvents } from "@/lib/audit/list";
import { counted } from "@/lib/audit/words";
import { requirePage } from "@/lib/session/current";
import { OverviewCharts } from "./overview-charts";
import { SessionsByRole } from "./sessions-by-role";

export const metadata: Metadata = { title: { absolute: "Overview · Kickoff console" } };

const LATEST_EVENTS = 8;

export default async function OverviewPage() {
	await requirePage("console.view", "/admin");
	const [overview, latest] = await Promise.all([readOverview(), listAuditEvents({})]);
	return (
		<>
			<KeepCurrent />
			<PageHeader title="Overview" description="Who is here, and what happened lately." />
			<div className="space-y-6">
				<Numbers overview={overview} />
				<div className="grid gap-6 lg:grid-cols-2 xl:grid-cols-[2fr_2fr_1fr]">
					<OverviewCharts days={overview.days} />
					<SessionsByRole sessions={overview.sessionsByRole} />
				</div>
				<Card aria-labelledby="latest-events" data-hold-still>
					<CardHeader
						id="latest-events"
						title="Latest events"
						actions={
							<ButtonLink size="sm" href="/admin/audit">
								Open the audit log
							</ButtonLink>
						}
					/>
					{latest.rows.length === 0 ? (
						<EmptyState
							title="Nothing happened yet"
							text="Who signs in, is signed out or changed will be listed here."
						/>
					) : (
						<AuditTable events={latest.rows.slice(0, LATEST_EVENTS)} />
					)}
				</Card>
			</div>
		</>
	);
}

function Numbers({ overview }: { overview: Overview }) {
	const [yesterday, today] = overview.days.slice(-2);
	if (!yesterday || !today) return null;
	const since = today.at.toISOString().slice(0, 10);
	const before = (count: number) => `today · ${count.toLocaleString("en")} yesterday`;
	return (
		<StatGrid label="Today">
			<Stat
				icon={<MonitorSmartphone />}
				label="Live sessions"
				value={overview.liveSessions.toLocaleString("en")}
				hint={
					overview.impersonations > 0 ? `${counted(overview.impersonations, "impersonation")} among them` : "right now"
				}
				href="/admin/sessions"
			/>
			<Stat
				icon={<Activity />}
				label="People active"
				value={overview.peopleActiveToday.toLocaleString("en")}
				hint="today, since midnight UTC"
				href="/admin/users?signedIn=true"
			/>
			<Stat
				icon={<LogIn />}
				label="Sign-ins"
				value={today.signIns.toLocaleString("en")}
				hint={before(yesterday.signIns)}
				href={`/admin/audit?what=session.started&from=${since}`}
			/>
			<Stat
				icon={<ShieldAlert />}
				label="Failed sign-ins"
				value={today.failedSignIns.toLocaleString("en")}
				hint={before(yesterday.failedSignIns)}
				href={`/admin/audit?what=sign_in.failed&from=${since}`}
			/>
			<Stat
				icon={<LogOut />}
				label="Forced logouts"
				value={today.forcedLogouts.toLocaleString("en")}
				hint={before(yesterday.forcedLogouts)}
				href={`/admin/audit?what=forced-logouts&from=${since}`}
			/>
		</StatGrid>
	);
}
