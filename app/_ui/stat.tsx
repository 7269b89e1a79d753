/** One number that matters, in a tile. Put several into a `StatGrid`. */
import type { ReactNode } from "react";
import { cx } from "@/app/_ui/cx";
import Link from "@/app/_ui/link";

type Props = {
	label: ReactNode;
	value: ReactNode;
	/** What it means, or how it compares: "12 more than yesterday". */
	hint?: ReactNode;
	icon?: ReactNode;
	tone?: "good" | "bad";
	/** Makes the tile a link to the list behind the number. */
	href?: string;
};

export function Stat({ label, value, hint, icon, tone, href }: Props) {
	return (
		<div className={cx("relative bg-surface px-5 py-4 max-sm:px-4", href && "transition-colors hover:bg-sunken/50")}>
			<dt className="flex items-center gap-2 text-muted text-sm [&_svg]:size-4 [&_svg]:text-faint">
				{icon}
				{href ? (
					<Link href={href} className="after:absolute after:inset-0">
						{label}
					</Link>
				) : (
					label
				)}
			</dt>
			<dd className="mt-1.5 font-semibold text-[1.625rem] tabular-nums leading-8 max-sm:text-xl tracking-tight">
				{value}
			</dd>
			{hint && (
				<dd className={cx("mt-1 text-faint text-xs", tone === "good" && "text-green", tone === "bad" && "text-red")}>
					{hint}
				</dd>
			)}
		</div>
	);
}

/** Tiles side by side in one sheet, parted by hairlines. Those of a last row that is not full share its width. */
export function StatGrid({ label, children }: { label: string; children: ReactNode }) {
	return (
		<section aria-label={label} className="overflow-hidden rounded-lg border bg-line shadow-card">
			<dl className="flex flex-wrap gap-px *:grow *:basis-[min(11rem,calc(50%-1px))]">{children}</dl>
		</section>
	);
}
