import { cx } from "@/app/_ui/cx";
import Link from "@/app/_ui/link";

/** The name and its mark: a session cut off at the stroke. `suffix` tells the console from the product. */
export function Brand({ href = "/", suffix, className }: { href?: string; suffix?: string; className?: string }) {
	return (
		<Link
			href={href}
			className={cx("inline-flex items-center gap-2 rounded-sm font-semibold tracking-tight touch:min-h-11", className)}
		>
			<Mark className="size-5" />
			Kickoff
			{suffix && <span className="font-normal text-faint">{suffix}</span>}
		</Link>
	);
}

export function Mark({ className }: { className?: string }) {
	return (
		<svg viewBox="0 0 24 24" className={className} aria-hidden="true">
			<rect width="24" height="24" rx="6.5" fill="var(--color-accent)" />
			<path
				d="M8 6v12M8 12.6 15.6 6M11 10.2 16.2 18"
				stroke="white"
				strokeWidth="2.3"
				strokeLinecap="round"
				fill="none"
			/>
		</svg>
	);
}
