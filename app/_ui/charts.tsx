"use client";

/** Small charts over time. Each brings the same numbers as a table for whoever does not see the drawing. */
import type { ReactNode } from "react";
import {
	Area,
	AreaChart,
	Bar,
	BarChart,
	CartesianGrid,
	Tooltip,
	type TooltipContentProps,
	XAxis,
	YAxis,
} from "recharts";
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

type Props = {
	/** Names the chart: "Sign-ins over the last 24 hours". */
	label: string;
	points: ChartPoint[];
	series: ChartSeries[];
	/** Days are days in UTC, hours are shown in the person's own time zone. */
	unit: "hour" | "day";
	className?: string;
};

/** One stacked bar for each hour or day: for things that happen. */
export function BarSeries(props: Props) {
	const axes = useAxes(props);
	return (
		<Figure {...props}>
			<BarChart responsive className="size-full" data={props.points} margin={margin} barCategoryGap="20%" {...quiet}>
				{axes}
				{props.series.map((series, index) => (
					<Bar
						key={series.key}
						dataKey={series.key}
						name={series.label}
						stackId="all"
						fill={toneOf(series).color}
						radius={index === props.series.length - 1 ? [3, 3, 0, 0] : 0}
						maxBarSize={28}
						isAnimationActive={false}
					/>
				))}
			</BarChart>
		</Figure>
	);
}

/** A filled line: for how much there is of something. */
export function AreaSeries(props: Props) {
	const axes = useAxes(props);
	return (
		<Figure {...props}>
			<AreaChart responsive className="size-full" data={props.points} margin={margin} {...quiet}>
				{axes}
				{props.series.map((series) => (
					<Area
						key={series.key}
						dataKey={series.key}
						name={series.label}
						type="monotone"
						stroke={toneOf(series).color}
						strokeWidth={1.75}
						fill={toneOf(series).color}
						fillOpacity={0.1}
						isAnimationActive={false}
					/>
				))}
			</AreaChart>
		</Figure>
	);
}

const margin = { top: 8, right: 4, bottom: 0, left: 0 };
const quiet = { accessibilityLayer: false };

function useAxes({ points, unit, series }: Props): ReactNode[] {
	const write = useTick(unit);
	const tick = { fill: "var(--color-faint)", fontSize: 11 };
	return [
		<CartesianGrid key="grid" vertical={false} stroke="var(--color-line)" />,
		<XAxis
			key="x"
			dataKey="at"
			tickFormatter={write}
			tick={tick}
			tickLine={false}
			axisLine={{ stroke: "var(--color-line)" }}
			minTickGap={28}
			interval={points.length > 8 ? "preserveStartEnd" : 0}
		/>,
		<YAxis key="y" width={34} allowDecimals={false} tick={tick} tickLine={false} axisLine={false} tickCount={4} />,
		<Tooltip
			key="tooltip"
			cursor={{ fill: "var(--color-sunken)", stroke: "var(--color-edge)" }}
			isAnimationActive={false}
			content={(tooltip) => <Hint {...tooltip} write={write} series={series} />}
		/>,
	];
}

function Hint({
	active,
	payload,
	label,
	write,
	series,
}: TooltipContentProps & { write: Write; series: ChartSeries[] }) {
	if (!active) return null;
	return (
		<div className="rounded-md bg-raised px-2.5 py-2 text-xs shadow-popup">
			<p className="mb-1 text-muted">{write(String(label))}</p>
			{series.map((one) => (
				<p key={one.key} className="flex items-center gap-2">
					<Dot series={one} />
					<span className="flex-1 pe-3">{one.label}</span>
					<span className="font-medium tabular-nums">
						{Number(payload?.find((entry) => entry.dataKey === one.key)?.value ?? 0).toLocaleString("en")}
					</span>
				</p>
			))}
		</div>
	);
}

function Figure({ label, points, series, unit, className, children }: Props & { children: ReactNode }) {
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
							<Dot series={one} />
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

function Dot({ series }: { series: ChartSeries }) {
	return <span className={cx("size-2 shrink-0 rounded-[2px]", toneOf(series).dot)} />;
}

type Write = (at: string) => string;

function useTick(unit: Props["unit"]): Write {
	const timeZone = useTimeZone();
	return (at) =>
		unit === "hour" ? formatTime(new Date(at), "hour", timeZone) : formatTime(new Date(at), "day", "UTC");
}

const toneOf = (series: ChartSeries) => tones[series.tone ?? "accent"];
