"use client";

import { useNow } from "@/app/_ui/clock";
import { cx } from "@/app/_ui/cx";

const LIVE_SECONDS = 120;

/** Green while `at` is less than two minutes ago, grey otherwise; pulses when that begins. Says it to screen readers too. */
export function LiveDot({ at, className }: { at: string | Date; className?: string }) {
	const live = useNow() - new Date(at).getTime() < LIVE_SECONDS * 1000;
	return (
		// What was live on the server may not be any more when the browser takes over: same elements, other words.
		<span
			data-live={live || undefined}
			className={cx(
				"group/dot relative inline-block size-2 shrink-0 rounded-full bg-edge data-live:bg-green-fill",
				className,
			)}
			suppressHydrationWarning
		>
			<span className="absolute inset-0 hidden animate-pulse-ring rounded-full bg-green-fill group-data-live/dot:block" />
			<span className="sr-only" suppressHydrationWarning>
				{live ? "Active now" : "Not active now"}
			</span>
		</span>
	);
}
