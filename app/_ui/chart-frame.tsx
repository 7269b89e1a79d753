"use client";

/** What every chart has around its drawing: a legend for the eye, and the same numbers as a table for whoever does not see it. */
import type { ReactNode } from "react";
import { formatTime, useTimeZone } from "@/app/_ui/clock";
import { cx } from "@/app/_ui/cx";

/** `at` is ISO 8601; every other key is the value of one series. */
export type ChartPoint = { at: string; [series: string]: string | number };

export type ChartSeries = { key: string; label: string; tone?: keyof typeof tones };

const tones = {
	accent: { color: "var(--color-accent)", dot: "bg-accent" },
	green: { color: "var(--color-green-fill)", dot: "bg-green-fill" },
	amber: { color: "var(--color-amber)", dot: "bg-amber" },
	red: { color: "var(--color-red-fill)", dot: "bg-red-fill" },
	violet: { color: "var(--color-violet)", dot: "bg-violet" },
};

export type ChartProps = {
	/** Names the chart: "Sign-ins over the last 24 hours". */
	label: string;
	points: ChartPoint[];
	series: ChartSeries[];
	/** Days are days in UTC, hours are shown in the person's own time zone. */
	unit: "hour" | "day";
	className?: string;
};

export function ChartFrame({ label, points, series, unit, className, children }: ChartProps & { children: ReactNode }) {
	const write = useTick(unit);
	return (
		<figure className={cx("min-w-0", className)}>
			<div className="h-48" aria-hidden="true">
				{children}
			</div>
			{series.length > 1 && (
				<ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs" aria-hidden="true">
					{series.map((one) => (
						<li key={one.key} className="flex items-center gap-1.5">
							<ToneDot series={one} />
							{one.label}
						</li>
					))}
				</ul>
			)}
			<div className="sr-only">
				<table>
					<caption>{label}</caption>
					<thead>
						<tr>
							<th scope="col">{unit === "hour" ? "Hour" : "Day"}</th>
							{series.map((one) => (
								<th key={one.key} scope="col">
									{one.label}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{points.map((point) => (
							<tr key={point.at}>
								<th scope="row">{write(point.at)}</th>
								{series.map((one) => (
									<td key={one.key}>{point[one.key] ?? 0}</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</figure>
	);
}

export function ToneDot({ series }: { series: ChartSeries }) {
	return <span className={cx("size-2 shrink-0 rounded-[2px]", toneOf(series).dot)} />;
}

/** Writes the moment of a point for its axis. */
export type Write = (at: string) => string;

export function useTick(unit: ChartProps["unit"]): Write {
	const timeZone = useTimeZone();
	return (at) =>
		unit === "hour" ? formatTime(new Date(at), "hour", timeZone) : formatTime(new Date(at), "day", "UTC");
}

export const toneOf = (series: ChartSeries) => tones[series.tone ?? "accent"];
