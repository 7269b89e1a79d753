"use client";

import { formatTime, relativeTime, useNow, useTimeZone } from "@/app/_ui/clock";

type Props = {
	at: string | Date;
	/** `relative` keeps itself current; the exact time is always in the title. */
	format?: "relative" | "clock" | "date" | "datetime";
	className?: string;
};

/** A moment: "4 minutes ago", "14:03:02", "24 Nov 2025" or "24 Nov 2025, 14:03". */
export function Time({ at, format = "relative", className }: Props) {
	const now = useNow();
	const timeZone = useTimeZone();
	const moment = new Date(at);
	return (
		// The server's "4 seconds ago" may be 5 by the time the browser takes over.
		<time
			dateTime={moment.toISOString()}
			title={formatTime(moment, "exact", timeZone)}
			className={className}
			suppressHydrationWarning
		>
			{format === "relative" ? relativeTime(moment.getTime(), now) : formatTime(moment, format, timeZone)}
		</time>
	);
}
