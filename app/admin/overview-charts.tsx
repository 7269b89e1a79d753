/** The last two weeks: who came in, who was turned away, and whom an administrator put out. */
import { LogOut } from "lucide-react";
import { Card, CardBody, CardHeader } from "@/app/_ui/card";
import { BarSeries } from "@/app/_ui/charts";
import { EmptyState } from "@/app/_ui/empty";
import type { OverviewDay } from "@/lib/admin/overview";

export function OverviewCharts({ days }: { days: OverviewDay[] }) {
	const points = days.map(({ at, ...counts }) => ({ at: at.toISOString(), ...counts }));
	const description = `Last ${days.length} days`;
	return (
		<>
			<Card aria-labelledby="sign-ins">
				<CardHeader id="sign-ins" title="Sign-ins" description={description} />
				<CardBody>
					<BarSeries
						label={`Sign-ins over the last ${days.length} days`}
						unit="day"
						points={points}
						series={[
							{ key: "signIns", label: "Signed in" },
							{ key: "failedSignIns", label: "Failed", tone: "red" },
						]}
					/>
				</CardBody>
			</Card>
			<Card aria-labelledby="forced-logouts">
				<CardHeader id="forced-logouts" title="Forced logouts" description={description} />
				<CardBody>
					{days.every((day) => day.forcedLogouts === 0) ? (
						<EmptyState
							icon={<LogOut />}
							title="Nobody was forced out"
							text="Sessions that you end will be counted here."
						/>
					) : (
						<BarSeries
							label={`Sessions forced out over the last ${days.length} days`}
							unit="day"
							points={points}
							series={[{ key: "forcedLogouts", label: "Sessions forced out" }]}
						/>
					)}
				</CardBody>
			</Card>
		</>
	);
}
