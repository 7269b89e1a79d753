import { ShieldCheck } from "lucide-react";
import { Time } from "@/app/_ui/time";
import type { EndedSessionRow } from "@/lib/admin/ended-sessions";

/**
 * The proof that a session is over: "ended 14:03:02 · not seen since", and, once its cookie was used again, "refused 4 s
 * later, on /projects".
 */
export function Receipt({ session: { endedAt, refused } }: { session: Pick<EndedSessionRow, "endedAt" | "refused"> }) {
	if (!refused) {
		return (
			<span className="text-muted">
				<span className="whitespace-nowrap">
					ended <Time at={endedAt} format="clock" /> ·
				</span>{" "}
				<span className="whitespace-nowrap">not seen since</span>
			</span>
		);
	}
	return (
		<span className="flex min-w-0 items-center gap-1.5 text-green">
			<ShieldCheck className="size-4 shrink-0" aria-hidden />
			<span className="line-clamp-2 break-words" title={refused.path}>
				refused {sayDuration(refused.at.getTime() - endedAt.getTime())} later, on {refused.path}
			</span>
		</span>
	);
}

const units = [
	["days", 86_400_000],
	["h", 3_600_000],
	["min", 60_000],
	["s", 1_000],
] as const;

/** "4 s", "12 min", "3 h", "5 days"; below a second "0.2 s". Fit to be followed by "later". */
function sayDuration(milliseconds: number): string {
	const [unit, length] = units.find(([, length]) => milliseconds >= 2 * length) ?? ["s", 1_000];
	const amount = milliseconds / length;
	return `${amount < 1 ? amount.toFixed(1) : Math.round(amount)} ${unit}`;
}
