/** The first page after signing in. It shows what every product has: who you are here, and what happened lately. */
import { MonitorSmartphone, Timer } from "lucide-react";
import type { Metadata } from "next";
import { Card, CardHeader } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty";
import { PageHeader } from "@/app/_ui/page-header";
import { Stat, StatGrid } from "@/app/_ui/stat";
import { Time } from "@/app/_ui/time";
import { type Activity, listOwnActivity } from "@/lib/accounts/activity";
import { requirePage } from "@/lib/session/current";
import { listOwnSessions } from "@/lib/session/own";

export const metadata: Metadata = { title: "Dashboard" };

export default async function DashboardPage() {
	const session = await requirePage("product.use", "/dashboard");
	const [devices, activity] = await Promise.all([listOwnSessions(session), listOwnActivity(session)]);
	return (
		<div className="space-y-6">
			<PageHeader title={`Welcome, ${session.user.name}`} description="What is going on with your account." />
			<StatGrid label="Your account">
				<Stat
					label="Devices signed in"
					icon={<MonitorSmartphone />}
					value={devices.length}
					hint="See and sign them out under Security"
					href="/settings/security"
				/>
				<Stat
					label="Signed in here since"
					icon={<Timer />}
					value={<Time at={session.createdAt} format="date" />}
					hint={
						<>
							At the latest until <Time at={session.expiresAt} format="datetime" />
						</>
					}
				/>
			</StatGrid>
			<Card aria-labelledby="activity">
				<CardHeader
					id="activity"
					title="Recent activity"
					description="Anything here that was not you? Change your password."
				/>
				<ActivityList activity={activity} />
			</Card>
		</div>
	);
}

function ActivityList({ activity }: { activity: Activity[] }) {
	if (activity.length === 0)
		return <EmptyState title="Nothing yet" text="Sign-ins and changes to your account show here." />;
	return (
		<ul aria-label="Recent activity" className="divide-y border-t">
			{activity.map(({ id, sentence, occurredAt, ip }) => (
				<li key={id} className="flex flex-wrap items-baseline justify-between gap-x-4 px-5 py-3 max-sm:px-4">
					<span>{sentence}</span>
					<span className="text-muted text-sm">
						{ip && <span className="break-all">{ip} · </span>}
						<Time at={occurredAt} />
					</span>
				</li>
			))}
		</ul>
	);
}
