import { cx } from "@/app/_ui/cx";

/** Says "working" to the eye only; whatever holds it says so to a screen reader. */
export function Spinner({ className }: { className?: string }) {
	return (
		<svg viewBox="0 0 16 16" className={cx("size-4 animate-spin", className)} fill="none" aria-hidden="true">
			<circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeOpacity="0.25" strokeWidth="1.75" />
			<path d="M14.25 8A6.25 6.25 0 0 0 8 1.75" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
		</svg>
	);
}
