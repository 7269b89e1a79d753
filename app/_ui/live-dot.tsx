"use client";

import { useNow } from "@/app/_ui/clock";
import { cx } from "@/app/_ui/cx";

const LIVE_SECONDS = 120;

/** Green and pulsing while `at` is less than two minutes ago, grey otherwise; says so to screen readers too. */
export function LiveDot({ at, className }: { at: string | Date; className?: string }) {
	const live = useNow() - new Date(at).getTime() < LIVE_SECONDS * 1000;
	return (
		<span
			className={cx(
				"relative inline-block size-2 shrink-0 rounded-full",
				live ? "bg-green-fill" : "bg-edge",
				className,
			)}
		>
			{live && <span className="absolute inset-0 animate-pulse-ring rounded-full bg-green-fill" />}
			<span className="sr-only">{live ? "Active now" : "Not active now"}</span>
		</span>
	);
}
