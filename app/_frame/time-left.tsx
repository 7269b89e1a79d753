"use client";

import { relativeTime, useNow } from "@/app/_ui/clock";

/** "ends in 58 minutes", and stays current. */
export function TimeLeft({ until }: { until: string | Date }) {
	const moment = new Date(until);
	return (
		// The server's minute may be over by the time the browser takes over.
		<time dateTime={moment.toISOString()} suppressHydrationWarning>
			ends {relativeTime(moment.getTime(), useNow())}
		</time>
	);
}
