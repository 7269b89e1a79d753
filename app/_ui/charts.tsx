"use client";

/** Small charts over time: `BarSeries` for things that happen, `AreaSeries` for how much there is of something. */
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
import {
	ChartFrame,
	type ChartProps,
	type ChartSeries,
	ToneDot,
	toneOf,
	useTick,
	type Write,
} from "@/app/_ui/chart-frame";

/** One stacked bar for each hour or day. */
export function BarSeries(props: ChartProps) {
	const axes = useAxes(props);
	return (
		<ChartFrame {...props}>
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
		</ChartFrame>
	);
}

/** A filled line. */
export function AreaSeries(props: ChartProps) {
	const axes = useAxes(props);
	return (
		<ChartFrame {...props}>
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
		</ChartFrame>
	);
}

/** "1.2K" for 1,200: the axis has little room, and the exact numbers are in the tooltip. */
const short = (count: number) => count.toLocaleString("en", { notation: "compact" });

const margin = { top: 8, right: 4, bottom: 0, left: 0 };
const quiet = { accessibilityLayer: false };

function useAxes({ points, unit, series }: ChartProps): ReactNode[] {
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
			interval={points.length > 8 ? "equidistantPreserveStart" : 0}
		/>,
		<YAxis
			key="y"
			width={34}
			allowDecimals={false}
			tick={tick}
			tickLine={false}
			axisLine={false}
			tickCount={4}
			tickFormatter={short}
		/>,
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
					<ToneDot series={one} />
					<span className="flex-1 pe-3">{one.label}</span>
					<span className="font-medium tabular-nums">
						{Number(payload?.find((entry) => entry.dataKey === one.key)?.value ?? 0).toLocaleString("en")}
					</span>
				</p>
			))}
		</div>
	);
}
